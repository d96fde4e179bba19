"""Where a person is signed in, and that a browser left open does not move a number."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.accounts.models import Member, SignIn
from service.accounts.sign_ins import FRESH
from service.accounts.user_agents import browser_in_words
from service.time import real_time
from tests.factories import signed_in
from tests.service.web.conftest import Reader

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def alice(alice):
    """Alice, who has signed in."""
    alice.get("home.show")
    return alice


@pytest.fixture
def phone(app, services, alice):
    """A second browser of Alice's."""
    other = Reader(app)
    with services.sessions() as session:
        uniquifier = session.scalars(select(SignIn)).one().user.fs_uniquifier
    with other.client.session_transaction() as cookie:
        cookie.update(signed_in(services, uniquifier))
    return other


def long_ago(services):
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(proven_at=real_time() - FRESH))


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox, Windows"), (EDGE, "Edge, Windows"), (SAFARI, "Safari, iPhone"), ("curl/8", ""), ("", "")],
)
def test_a_browser_is_named_as_its_owner_would(agent, words):
    assert browser_in_words(agent) == words


def test_a_person_sees_where_they_are_signed_in(alice, phone):
    page = alice.get("devices.show")
    assert page.heading() == "Where you’re signed in"
    assert len(page.select("main li")) == 2
    assert page.says("this one")


def test_a_visit_after_a_while_is_noted(alice, services):
    an_hour_ago = real_time() - timedelta(hours=1)
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(seen_at=an_hour_ago))
    assert alice.get("home.show").heading() == "Alice's Bakery"
    with services.sessions() as session:
        assert session.scalars(select(SignIn.seen_at)).one() > an_hour_ago + timedelta(minutes=50)


def test_one_browser_is_signed_out_from_another(alice, phone):
    alice.get("devices.show")
    assert alice.submit(button="Sign out").says("Signed out.")
    assert phone.get("home.show").heading() == "Sign in"


def test_all_other_browsers_are_signed_out_at_once(alice, phone):
    alice.get("devices.show")
    assert alice.submit(button="Sign out everywhere else").says("You’re signed in here only.")
    assert phone.get("home.show").heading() == "Sign in"
    assert alice.get("devices.show").select("main form") == []


def test_nobody_signs_out_somebody_else(alice, bob, services):
    bob.get("home.show")
    with services.sessions() as session:
        theirs = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first().id
    token = alice.get("devices.show").select_one("[name=csrf_token]")["value"]
    alice.client.post(alice.address("devices.end", sign_in_id=theirs), data={"csrf_token": token})
    assert bob.get("home.show").heading() != "Sign in"


def test_what_concerns_the_team_asks_for_a_code_when_the_last_one_is_an_hour_old(alice, services, mailbox, work):
    long_ago(services)
    assert alice.get("invitations.ask").heading() == "Confirm it’s you"
    alice.submit(button="Email me a code")
    work()
    code = mailbox.mails[-1].subject[:6]
    assert alice.submit(code=code).heading() == "Invite"
    assert alice.get("invitations.ask").heading() == "Invite"


def test_who_borrows_a_browser_signs_its_person_out_nowhere_else(alice, phone, services):
    alice.get("devices.show")
    long_ago(services)
    assert alice.submit(button="Sign out everywhere else").heading() == "Confirm it’s you"
    with services.sessions() as session:
        assert len(session.scalars(select(SignIn)).all()) == 2


def test_what_changes_nothing_needs_no_new_code(alice, services):
    long_ago(services)
    assert alice.get("home.show").heading() == "Alice's Bakery"


def test_a_form_sent_from_a_page_left_open_changes_nothing_before_the_code(alice, bob, services):
    with services.sessions() as session:
        member_id = session.scalars(select(Member.id).order_by(Member.id.desc())).first()
    page = alice.get("team.settings", member_id=member_id)
    token = page.select_one("[name=csrf_token]")["value"]
    long_ago(services)
    gone = alice.client.post(alice.address("team.remove", member_id=member_id), data={"csrf_token": token})
    assert gone.location == "/confirm"
    assert bob.get("home.show").heading() == "Alice's Bakery"
