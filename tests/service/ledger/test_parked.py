"""Operators say how a parked entry goes on: it is looked for again, or was not done."""

import pytest
from sqlalchemy import select

from provisioning.contract.numbers import Sought
from service.ledger.ledger import owe, perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import PhoneNumber
from tests.factories import a_line


@pytest.fixture
def entry_id(services):
    """An entry that is parked: a temporary number to buy."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        number = session.scalar(select(PhoneNumber).where(PhoneNumber.line_id == line.id))
        entry = owe(session, EntryKind.BUY_NUMBER, number.id)
        entry.progress, entry.tries, entry.trouble = Progress.PARKED, 8, "never found at the carrier"
        return entry.id


@pytest.fixture
def entry(services, entry_id):
    """The entry as it is now: `entry()`."""

    def look():
        with services.sessions() as session:
            return session.get_one(LedgerEntry, entry_id)

    return look


@pytest.fixture
def said(app):
    """What a command prints, and its exit code: `said("look-again", tag)`."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=arguments)
        return result.output.strip(), result.exit_code

    return run


def test_they_are_listed_with_their_tags_and_why(said, entry):
    [line] = said("parked")[0].splitlines()
    assert line.startswith(f"{entry().tag}  buy_number")
    assert line.endswith("never found at the carrier")


def test_one_that_is_not_at_the_carrier_is_done_after_another_look(services, work, said, entry):
    assert said("look-again", entry().tag) == ("", 0)
    work()
    assert entry().progress is Progress.DONE
    assert services.network("twilio").numbers.tagged(entry().tag)
    assert said("parked") == ("", 0)


def test_one_that_was_done_meanwhile_is_found_and_not_done_again(services, world, said, entry):
    numbers = services.network("twilio").numbers
    numbers.buy(numbers.choices(Sought("US"))[0].number, entry().tag, services.routing("twilio"))
    said("look-again", entry().tag)
    perform(services, entry().id)
    assert (entry().progress, len(world.state.numbers)) == (Progress.DONE, 1)


def test_one_that_was_not_done_is_done_without_a_look(services, world, said, entry):
    said("was-not-done", entry().tag)
    assert entry().look_since is None
    perform(services, entry().id)
    assert (entry().progress, len(world.state.numbers)) == (Progress.DONE, 1)


@pytest.mark.parametrize("command", ["look-again", "was-not-done"])
def test_what_is_not_parked_is_refused(said, entry, command):
    assert said(command, "portline-unknown") == ("Error: No parked entry has this tag.", 1)
    said("was-not-done", entry().tag)
    assert said(command, entry().tag) == ("Error: No parked entry has this tag.", 1)
