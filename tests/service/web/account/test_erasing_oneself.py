"""A person is erased: by themselves, by the owner of their only team, or by an operator; what they wrote stays."""

import pytest
from sqlalchemy import func, select, text

from service.accounts.models import Member, Membership, User, Workspace
from service.inbox.models import Message
from service.inbox.notes import write_note
from service.inbox.writing import write
from service.lines.models import Line, Phone
from service.models import Base
from tests.factories import a_caller

BOB = "bob@bob.example"


@pytest.fixture
def wrote(bob, line, services, work):
    """Bob has texted and noted, has a phone of his own, and is signed in."""
    bob.get("home.show")
    with services.sessions.begin() as session:
        user = session.scalars(select(User).where(User.email == BOB)).one()
        talk = a_caller(session, session.get_one(Line, line.id))
        write(session, talk, "We open at seven.", user.id)
        write_note(session, talk, "Regular customer", user)
        session.add(Phone(line_id=line.id, number="+14155550177", name="Bob", user_id=user.id))
    work()
    return talk.id


def named_anywhere(services, word):
    """The tables in which a word still stands."""
    with services.sessions() as session:
        counted = "SELECT count(*) FROM {} one WHERE one::text ILIKE :word".format
        rows = {name: text(counted(name)) for name in Base.metadata.tables}
        return {name for name, count in rows.items() if session.scalar(count, {"word": f"%{word}%"})}


def test_who_deletes_their_data_is_named_nowhere_and_what_they_wrote_stays(alice, bob, wrote, services, work):
    page = bob.get("person.show")
    assert page.says("Texts, notes, and calls stay with the business")
    assert bob.submit(button="Delete my data").says("You left")
    work()
    assert named_anywhere(services, "bob") == set()
    assert bob.get("home.show").heading() == "Sign in"
    thread = alice.get("inbox.read", conversation_id=wrote)
    assert thread.says("We open at seven.")
    assert thread.says("Regular customer")
    assert alice.get("changes.listing").says("Left the team someone who left")
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Phone)) == 0


def test_an_owner_is_told_what_to_do_first(alice, services, work):
    page = alice.get("person.show")
    assert page.says("You own Alice's Bakery.")
    assert "Delete my data" not in [button.text for button in page.select("main button")]
    token = page.select_one("[name=csrf_token]")["value"]
    refused = alice.client.post(alice.path, data={"csrf_token": token})
    assert refused.status_code == 409
    work()
    assert alice.get("home.show").heading()


def test_the_owner_erases_a_member_of_no_other_team(alice, bob, wrote, services, work):
    alice.get("team.settings", member_id=member_of(services))
    assert alice.submit(button="Remove and delete their data").says("Removed from the team.")
    work()
    assert named_anywhere(services, "bob") == set()
    assert bob.get("home.show").heading() == "Sign in"


def test_a_member_of_another_team_too_is_removed_and_not_erased(alice, bob, charlie, services):
    with services.sessions.begin() as session:
        other = session.scalars(select(Workspace).where(Workspace.name == "charlie's")).one()
        session.add(Member(workspace=other, user=session.scalars(select(User).where(User.email == BOB)).one()))
    page = alice.get("team.settings", member_id=member_of(services))
    assert not page.says("Remove and delete their data")
    token = page.select_one("[name=csrf_token]")["value"]
    refused = alice.client.post(f"{alice.path}/erase", data={"csrf_token": token})
    assert refused.status_code == 409
    assert named_anywhere(services, BOB)


def test_a_member_erases_nobody(alice, bob, services):
    token = bob.get("team.show").select_one("[name=csrf_token]")["value"]
    with services.sessions() as session:
        owner = session.scalars(select(Member.id).where(Member.role == Membership.OWNER)).one()
    assert bob.client.post(f"/team/{owner}/erase", data={"csrf_token": token}).status_code == 403


def test_an_operator_erases_a_person_by_their_address(app, alice, bob, wrote, services, work):
    run = app.test_cli_runner().invoke
    assert "No one has this email address." in run(args=["erase-person", "no@one.example"]).output
    assert "You own Alice's Bakery." in run(args=["erase-person", "alice@alice.example"]).output
    assert run(args=["erase-person", BOB]).exit_code == 0
    work()
    assert named_anywhere(services, "bob") == set()
    with services.sessions() as session:
        assert session.scalar(select(Message.text)) == "We open at seven."


def member_of(services):
    with services.sessions() as session:
        bobs = select(Member.id).join(Member.user).where(User.email == BOB).order_by(Member.id)
        return session.scalars(bobs.limit(1)).one()
