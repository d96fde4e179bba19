"""The owner closes the account: what is said before, what goes on until the day, and what is left after it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.accounts.models import Member, Membership, SignIn, Workspace
from service.alerts import Alert
from service.erasing.closing import NOTICE
from service.errors import Conflict
from service.ledger.ledger import owe
from service.ledger.models import EntryKind
from service.lines.models import PhoneNumber, Standing
from service.porting import projects
from service.porting.states import State
from service.registration.models import Registration, Subject
from service.registration.pools import business_for
from service.schedule.close_accounts import close_accounts
from service.schedule.serve_newcomers import serve_newcomers
from service.time import real_time
from service.web.shell.words import phone
from tests.factories import OWN, a_draft

ALICE, DAY = "alice@alice.example", "Wednesday, April 1"


@pytest.fixture
def days_go_by(clock, services, work):
    """Let days pass, at the end of each of which the clock looks."""

    def go(days):
        for _ in range(days):
            clock.jump(timedelta(days=1))
            close_accounts(services)
            work()

    return go


@pytest.fixture
def closing(alice, work):
    """Alice has asked to close the account."""
    alice.get("closing.show")
    page = alice.submit(button="Close account", sure="true")
    work()
    return page


def numbers(services):
    with services.sessions() as session:
        return dict(session.execute(select(PhoneNumber.number, PhoneNumber.standing)).all())


def subjects(mailbox):
    return [letter.subject for letter in mailbox.to(ALICE)]


def test_what_will_happen_is_said_before(alice, line, services):
    page = alice.get("closing.show")
    [number] = numbers(services)
    assert page.says(f"Your account would close on {DAY}")
    assert phone(number) in page.text
    assert page.says("Want to keep one? Ask your new provider to transfer it")
    assert page.select("main a[href='/settings/data/']")
    assert alice.submit(button="Close account", status=422).wrong() == {"sure": "Check this box to go on."}


def test_everything_goes_on_until_the_day(alice, bob, closing, line, services, days_go_by, mailbox):
    assert closing.says(f"Your account closes on {DAY}")
    assert bob.get("inbox.show").says(f"This account closes on {DAY}")
    assert not bob.page.select(".notice a")
    days_go_by(29)
    assert set(numbers(services).values()) == {Standing.HELD}
    told = f"Alice's Bakery closes on {DAY}"
    assert subjects(mailbox) == [told, f"Reminder: {told}", f"Reminder: {told}"]


def test_on_the_day_its_numbers_go_and_a_day_later_all_else(alice, closing, world, services, days_go_by, mailbox):
    days_go_by(30)
    assert set(numbers(services).values()) == {Standing.RELEASED}
    assert subjects(mailbox)[-1] == "Alice's Bakery is closed"
    assert alice.get("closing.show").says("Your account is closed")
    assert alice.get("home.show").says("This account is closed")
    alice.get("closing.show")
    days_go_by(1)
    with services.sessions() as session:
        assert session.scalars(select(Workspace)).all() == []
        assert session.scalars(select(Alert)).all() == []
    assert alice.get("home.show").heading() == "Sign in"


def test_the_owner_keeps_it_until_the_day(alice, closing, services, days_go_by, mailbox):
    days_go_by(29)
    page = alice.get("closing.show")
    page = alice.submit(button="Keep account")
    assert page.says("Your account stays open.")
    assert not page.select(".notice-bad")
    days_go_by(5)
    assert set(numbers(services).values()) == {Standing.HELD}
    assert subjects(mailbox)[-1] == "Alice's Bakery stays open"
    assert alice.get("changes.listing").says("Kept the account from being closed")


def test_once_its_day_has_come_it_is_not_kept_by_a_page_that_was_open(alice, closing, days_go_by, services):
    alice.get("closing.show")
    days_go_by(30)
    assert alice.submit(button="Keep account", status=409).says("Your account is closed")


def test_admins_are_mailed_and_may_not_close_it(alice, bob, services, mailbox, work):
    with services.sessions.begin() as session:
        session.execute(update(Member).where(Member.role == Membership.MEMBER).values(role=Membership.ADMIN))
    bob.get("closing.show", status=403)
    alice.get("closing.show")
    alice.submit(button="Close account", sure="true")
    work()
    assert len(mailbox.to("bob@bob.example")) == 1


def test_a_code_of_the_last_hour_is_asked_for(alice, services):
    alice.get("home.show")
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values(proven_at=real_time() - timedelta(hours=2)))
    assert alice.get("closing.show").heading() == "Confirm it’s you"


def test_a_transfer_under_way_is_named_and_refuses(alice, filed, services):
    alice.get("closing.show")
    filed()
    assert alice.submit(button="Close account", sure="true", status=409).says("A transfer is under way.")
    page = alice.get("closing.show")
    assert phone(OWN) in page.text
    assert "Close account" not in [button.text for button in page.select("main button")]


def test_while_it_closes_nothing_is_sent_or_bought(alice, closing, line, services):
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
        session.flush()
        with pytest.raises(Conflict, match="being closed"):
            projects.submit(session, services, project)


def test_a_newcomer_who_closes_is_given_no_number(alice, closing, services, line):
    with services.sessions.begin() as session:
        session.execute(update(PhoneNumber).values(standing=Standing.RELEASED))
        session.execute(update(Workspace).values(waiting_since=Workspace.made_at))
    serve_newcomers(services)
    assert set(numbers(services).values()) == {Standing.RELEASED}


def test_a_number_that_could_not_be_bought_yet_is_called_off(alice, closing, line, services, days_go_by, clock):
    with services.sessions.begin() as session:
        wanted = PhoneNumber(line_id=line.id, carrier="twilio", standing=Standing.WANTED)
        session.add(wanted)
        session.flush()
        owe(session, EntryKind.BUY_NUMBER, wanted.id, after=timedelta(days=90))
    clock.jump(NOTICE)
    close_accounts(services)
    assert sorted(numbers(services).values()) == [Standing.FAILED, Standing.HELD]


def alerts(services):
    with services.sessions() as session:
        return {alert.kind: alert.details for alert in session.scalars(select(Alert))}


def test_one_to_which_a_transfer_goes_on_is_an_operators_matter(alice, closing, line, services, days_go_by, clock):
    with services.sessions.begin() as session:
        a_draft(session, session.merge(line), OWN).numbers[0].state = State.SCHEDULED
    clock.jump(NOTICE)
    days_go_by(2)
    assert set(numbers(services).values()) == {Standing.HELD}, "the old number serves until the transfer is over"
    assert alerts(services)["closing_stuck"] == {"numbers": 1, "transfers": 1}


def test_operators_hear_what_a_closed_account_leaves_registered(alice, closing, line, services, days_go_by, clock):
    with services.sessions.begin() as session:
        business = business_for(session, line.workspace_id)
        kept = {"carrier": "twilio", "tag": "portline-x", "reference": "BN1"}
        session.add(Registration(business=business, subject=Subject.BUSINESS, **kept))
    clock.jump(NOTICE)
    days_go_by(2)
    assert alerts(services) == {"registration_left": {"references": ["BN1"]}}


def test_operators_close_and_keep_an_account_by_command(app, alice, line, services):
    run = app.test_cli_runner().invoke
    assert "No workspace has this id and this name." in run(args=["close-account", "1", "Bob's Bakery"]).output
    assert "It closes at 2026-04-01" in run(args=["close-account", "1", "Alice's Bakery"]).output
    assert alice.get("home.show").says(f"This account closes on {DAY}")
    assert run(args=["keep-account", "1", "Alice's Bakery"]).output == "It stays open.\n"
    assert not alice.get("home.show").says("This account closes")
