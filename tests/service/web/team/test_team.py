"""The team's pages: inviting, joining, what each may do, leaving, and the log of it all."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import Member, Membership, User
from service.inbox.models import Contact, Conversation
from service.lines.models import Line, Phone
from tests.service.web.conftest import Reader

CARL = "carl@flour.example"


@pytest.fixture
def second_line(services, bakery):
    with services.sessions.begin() as session:
        line = Line(workspace_id=bakery.id, name="Shop")
        session.add(line)
    return line


@pytest.fixture
def invited(alice, work):
    """Carl has an invitation."""
    alice.get("invitations.ask")
    alice.submit(email=CARL, role="member")
    work()


@pytest.fixture
def carl(app):
    return Reader(app)


def link_in(letter):
    return re.search(r"/join/\S+", letter.text).group()


def code_in(letter):
    return re.search(r"\d{6}", letter.text).group()


def member_of(services, name):
    with services.sessions.begin() as session:
        return session.scalar(select(Member).join(Member.user).where(User.email == f"{name}@{name}.example"))


def test_an_owner_alone_is_told_how_to_begin(alice):
    assert alice.get("team.show").says("It’s just you so far.")


def test_an_invitation_is_a_letter_with_a_link_and_a_line_on_the_page(alice, invited, mailbox):
    [letter] = mailbox.to(CARL)
    assert letter.subject == "Alice invites you to Alice's Bakery"
    assert "until Monday, March 9" in letter.text
    assert alice.get("team.show").says(CARL)


def test_who_is_invited_joins_with_a_code_and_sees_the_lines_they_were_given(carl, invited, mailbox, work):
    page = carl.open(link_in(mailbox.to(CARL)[0]))
    assert page.heading() == "Join Alice's Bakery"
    carl.submit(button="Email me a code")
    work()
    page = carl.submit(code=code_in(mailbox.to(CARL)[-1]))
    assert page.heading() == "Alice's Bakery"
    assert page.says("No phone rings yet") or page.says("phones ring")
    assert not page.says("Transfer a number")


def test_a_link_works_once(carl, app, invited, mailbox, work):
    carl.open(link_in(mailbox.to(CARL)[0]))
    carl.submit(button="Email me a code")
    work()
    carl.submit(code=code_in(mailbox.to(CARL)[-1]))
    assert Reader(app).open(link_in(mailbox.to(CARL)[0]), status=404).says("no longer works")


def test_an_invitation_that_was_taken_back_opens_nothing(alice, carl, invited, mailbox):
    alice.get("team.show")
    alice.submit(button=f"Cancel {CARL}")
    assert carl.open(link_in(mailbox.to(CARL)[0]), status=404).says("no longer works")


def test_a_link_expires_and_a_new_letter_voids_the_old_one(alice, carl, invited, mailbox, work, clock):
    clock.jump(timedelta(days=8))
    carl.open(link_in(mailbox.to(CARL)[0]), status=404)
    assert alice.get("team.show").says("The link has expired.")
    alice.submit(button=f"Send again {CARL}")
    work()
    first, second = mailbox.to(CARL)
    assert first.message_id != second.message_id
    carl.open(link_in(first), status=404)
    carl.open(link_in(second))


@pytest.mark.parametrize("token", ["x", "WzEsMV0.x", "WzEsIngiXQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_link_that_we_did_not_make_opens_nothing(carl, invited, token):
    carl.open(f"/join/{token}", status=404)


def test_a_link_taken_back_while_the_code_was_on_its_way_joins_nobody(alice, carl, invited, mailbox, work, services):
    carl.open(link_in(mailbox.to(CARL)[0]))
    carl.submit(button="Email me a code")
    work()
    alice.get("team.show")
    alice.submit(button=f"Cancel {CARL}")
    carl.submit(code=code_in(mailbox.to(CARL)[-1]), status=404)
    assert alice.get("team.show").says("It’s just you so far.")


def joined(services, email, workspace):
    rows = select(Member.id).join(Member.user).where(User.email == email, Member.workspace_id == workspace.id)
    with services.sessions() as session:
        return session.scalars(rows).one()


def test_the_invitations_of_a_member_who_is_removed_end_with_them(
    alice, charlie, carl, bakery, services, mailbox, work
):
    alice.get("invitations.ask")
    alice.submit(email="charlie@charlie.example", role="admin")
    work()
    charlie.open(link_in(mailbox.mails[-1]))
    charlie.submit(button="Join the team")
    charlie.get("invitations.ask")
    charlie.submit(email=CARL, role="admin")
    work()
    alice.get("team.settings", member_id=joined(services, "charlie@charlie.example", bakery))
    alice.submit(button="Remove from team")
    carl.open(link_in(mailbox.to(CARL)[0]), status=404)


def test_a_link_into_another_workspace_changes_nothing_before_they_say_so(alice, charlie, bakery, mailbox, work):
    alice.get("invitations.ask")
    alice.submit(email="charlie@charlie.example", role="admin")
    work()
    charlie.open(link_in(mailbox.mails[-1]))
    charlie.submit(button="Join the team")
    token = charlie.page.select_one("header [name=csrf_token]")["value"]
    places = {button.text: button["value"] for button in charlie.page.select("header [name=workspace]")}
    charlie.client.post("/workspaces", data={"csrf_token": token, "workspace": places["charlie's"]})
    assert charlie.open(f"/inbox/?workspace={bakery.id}").heading() == "This is in Alice's Bakery"
    assert charlie.get("home.show").heading() == "charlie's"
    charlie.open(f"/inbox/?workspace={bakery.id}")
    assert charlie.submit(button="Go to Alice's Bakery").heading() == "Inbox"
    assert charlie.get("home.show").heading() == "Alice's Bakery"


def test_somebody_with_a_business_of_their_own_is_in_both_and_chooses(alice, charlie, mailbox, work):
    alice.get("invitations.ask")
    alice.submit(email="charlie@charlie.example", role="admin")
    work()
    charlie.open(link_in(mailbox.mails[-1]))
    page = charlie.submit(button="Join the team")
    assert page.heading() == "Alice's Bakery"
    page = charlie.get("home.show")
    token = page.select_one("header [name=csrf_token]")["value"]
    places = {button.text: button["value"] for button in page.select("header [name=workspace]")}
    assert list(places) == ["Alice's Bakery", "charlie's"]
    charlie.client.post("/workspaces", data={"csrf_token": token, "workspace": places["charlie's"]})
    assert charlie.get("home.show").heading() == "charlie's"


def test_a_workspace_that_is_not_theirs_cannot_be_chosen(charlie, bakery, alice):
    assert charlie.open(f"/home?workspace={bakery.id}").heading() == "charlie's"


def test_an_invitation_for_somebody_else_signs_out_first(charlie, invited, mailbox):
    page = charlie.open(link_in(mailbox.to(CARL)[0]))
    assert page.says("You’re signed in as charlie@charlie.example")
    assert charlie.submit(button="Email me a code").heading() == "Check your email"
    assert charlie.get("home.show").heading() == "Sign in"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"email": "nobody"}, "email", "Enter an email address"),
        ({"email": ""}, "email", "Enter their email."),
        ({"email": "alice@alice.example"}, "email", "They’re already on the team."),
        ({"email": CARL}, "email", "They’ve already been invited."),
        ({"email": "dora@flour.example", "role": "owner"}, "role", "A workspace has one owner."),
        ({"email": "dora@flour.example", "role": "chief"}, "role", "Choose one of these."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_beside_its_field(alice, invited, typed, field, said):
    alice.get("invitations.ask")
    page = alice.submit(**{"role": "member"} | typed, status=422)
    assert page.wrong()[field].startswith(said)


def test_a_helper_neither_invites_nor_changes_anybody_nor_reads_the_log(bob, alice, services):
    owner = member_of(services, "alice")
    for endpoint, values in [
        ("invitations.ask", {}),
        ("changes.listing", {}),
        ("team.settings", {"member_id": owner.id}),
    ]:
        bob.get(endpoint, status=403, **values)
    token = bob.get("team.show").select_one("main [name=csrf_token]")["value"]
    for endpoint in ("team.change", "team.remove", "team.hand_over"):
        filled = {"csrf_token": token, "role": "admin", "sure": "true"}
        assert bob.client.post(bob.address(endpoint, member_id=owner.id), data=filled).status_code == 403


def test_somebody_of_another_workspace_is_not_there(charlie, alice, services):
    charlie.get("team.settings", member_id=member_of(services, "alice").id, status=404)


def test_a_helper_becomes_an_admin_and_sees_every_line(alice, bob, services, second_line):
    assert bob.get("line.show", line_id=second_line.id, status=404)
    alice.get("team.settings", member_id=member_of(services, "bob").id)
    alice.submit(role="admin")
    assert bob.get("line.show", line_id=second_line.id)
    bob.get("invitations.ask")


def test_a_helper_is_given_other_lines(alice, bob, services, line, second_line):
    other = member_of(services, "bob")
    page = alice.get("team.settings", member_id=other.id)
    assert [box["value"] for box in page.select("[name=lines][checked]")] == [str(line.id)]
    token = page.select_one("main [name=csrf_token]")["value"]
    given = {"csrf_token": token, "role": "member", "lines": [second_line.id]}
    alice.client.post(alice.address("team.change", member_id=other.id), data=given)
    bob.get("line.show", line_id=second_line.id)
    bob.get("line.show", line_id=line.id, status=404)


def test_who_was_taken_out_sees_nothing_any_more_and_their_phone_rings_no_more(alice, bob, services, line, rings):
    other = member_of(services, "bob")
    alice.get("line.show", line_id=line.id)
    rings(Bob="+14155552671", Alice="+14155552672")
    with services.sessions.begin() as session:
        phone = session.scalars(select(Phone).where(Phone.user_id == other.user_id)).one()
    alice.get("plan.step", line_id=line.id, name="ring")
    alice.submit(**{f"phone-{phone.id}": "true"})
    alice.get("team.settings", member_id=other.id)
    page = alice.submit(button="Remove from team")
    assert page.says("Removed from the team.")
    bob.get("home.show", status=404)
    assert alice.get("line.show", line_id=line.id).says("Rings Alice for 20 seconds.")
    alice.get("callers.show", line_id=line.id)
    assert alice.submit(hidden="voicemail").says("Saved.")


def test_somebody_off_duty_is_not_rung_and_the_line_says_so(alice, bob, line, rings):
    alice.get("line.show", line_id=line.id)
    rings(Roberto="+14155552671", Alice="+14155552672")
    bob.get("team.show")
    assert bob.submit(name="Roberto Rossi").says("Your phone rings only while you’re on duty: (415)")
    assert bob.submit(button="Go off duty").says("You’re off duty.")
    assert alice.get("line.show", line_id=line.id).says("Rings Alice for 20 seconds. Off duty now: Roberto.")
    alice.get("team.show")
    alice.submit(button="Go off duty")
    assert alice.get("line.show", line_id=line.id).says("No phones ring, so the call goes on")
    bob.get("team.show")
    assert set(bob.submit(name=" ", status=422).wrong()) == {"name"}


@pytest.fixture
def bobs_conversation(services, line, bob):
    with services.sessions.begin() as session:
        contact = Contact(workspace_id=line.workspace_id, number="+14155550123")
        conversation = Conversation(line_id=line.id, contact=contact, assignee_id=member_of(services, "bob").user_id)
        session.add(conversation)
    return conversation


def assignee(services, conversation):
    with services.sessions.begin() as session:
        return session.get_one(Conversation, conversation.id).assignee_id


def test_what_somebody_worked_on_is_free_when_they_leave(services, bob, bobs_conversation):
    bob.get("team.show")
    bob.submit(button="Leave the team")
    assert assignee(services, bobs_conversation) is None


def test_and_when_they_do_not_see_the_line_any_more(alice, services, bobs_conversation, line):
    other = member_of(services, "bob")
    token = alice.get("team.settings", member_id=other.id).select_one("main [name=csrf_token]")["value"]
    kept = {"csrf_token": token, "role": "member", "lines": [line.id]}
    alice.client.post(alice.address("team.change", member_id=other.id), data=kept)
    assert assignee(services, bobs_conversation) == other.user_id
    alice.client.post(alice.address("team.change", member_id=other.id), data={"csrf_token": token, "role": "member"})
    assert assignee(services, bobs_conversation) is None


def test_somebody_leaves_by_themselves(alice, bob):
    bob.get("team.show")
    assert bob.submit(button="Leave the team").says("You left the team.")
    assert bob.get("home.show").heading() == "Sign in"
    assert not alice.get("team.show").says("bob@bob.example")


def test_the_owner_cannot_be_taken_out_nor_made_less(alice, app, known, bakery, services):
    admin = Reader(app, known("dora", bakery, Membership.ADMIN))
    owner = member_of(services, "alice")
    token = admin.get("team.show").select_one("main [name=csrf_token]")["value"]
    for endpoint in ("team.change", "team.remove"):
        filled = {"csrf_token": token, "role": "member"}
        answer = admin.client.post(admin.address(endpoint, member_id=owner.id), data=filled)
        assert answer.status_code == 409
        assert "You’re the owner." in answer.text


def test_nobody_changes_their_own_rights(app, known, bakery, services, alice):
    admin = Reader(app, known("dora", bakery, Membership.ADMIN))
    admin.get("team.settings", member_id=member_of(services, "dora").id)
    assert admin.submit(role="member", status=409).says("Ask another admin or the owner.")


def test_the_workspace_is_handed_over_after_a_confirmation(alice, bob, services):
    other = member_of(services, "bob")
    alice.get("team.settings", member_id=other.id)
    page = alice.submit(button="Make owner", status=422)
    assert page.wrong()["sure"] == "Check this box to go on."
    alice.submit(button="Make owner", sure="true")
    assert member_of(services, "bob").role is Membership.OWNER
    assert member_of(services, "alice").role is Membership.ADMIN


def test_duty_is_a_switch_of_ones_own(bob, services):
    bob.get("team.show")
    assert bob.submit(button="Go off duty").says("You’re off duty.")
    assert not member_of(services, "bob").on_duty
    bob.submit(button="Go on duty", on_duty="true")
    assert member_of(services, "bob").on_duty


def test_the_log_tells_who_did_what_and_when(alice, invited, bob, services):
    assert alice.get("changes.listing").says(f"Invited {CARL}")
    alice.get("team.settings", member_id=member_of(services, "bob").id)
    alice.submit(role="admin")
    page = alice.get("changes.listing")
    latest = " ".join(page.select_one(".people li").text.split())
    assert latest.startswith("Changed the role of Bob: Member → Admin Alice")
    assert page.select_one("time").text == "Monday, March 2, 7:00\u202fAM"
    assert page.says("Pacific Time")


def test_an_empty_log_says_what_will_be_there(alice):
    assert alice.get("changes.listing").says("No changes yet.")


def test_a_long_log_is_read_page_by_page(alice, services, bakery):
    from service.accounts.change_log import Action, note

    with services.sessions.begin() as session:
        for count in range(120):
            note(session, workspace_id=bakery.id, user_id=None, action=Action.LINE_CHANGED, subject=f"Line {count}")
    seen = [row.text for row in alice.get("changes.listing").select(".people li")]
    while older := next((link for link in alice.page.select("main a") if link.text == "Older ones"), None):
        seen += [row.text for row in alice.open(older["href"]).select(".people li")]
    assert len(seen) == 120
    assert "Line 119" in seen[0]
    assert "Line 0" in seen[-1]


def test_every_action_has_its_sentence():
    from service.accounts.change_log import Action
    from service.web.team.changes import SENTENCES

    assert set(SENTENCES) == set(Action)


def test_another_workspaces_log_is_not_shown(charlie, alice, invited):
    assert charlie.get("changes.listing").says("No changes yet.")


def test_a_person_without_any_workspace_is_told_so(app, services, known, bakery):
    bob = Reader(app, known("bob", bakery, Membership.MEMBER))
    with services.sessions.begin() as session:
        session.delete(session.scalars(select(Member)).one())
    assert bob.get("home.show", status=404).says("You’re not in a workspace.")
