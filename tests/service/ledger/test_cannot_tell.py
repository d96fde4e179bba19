"""A carrier whose log cannot tell whether a text was sent: it is asked again, and nothing is sent a second time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from provisioning.contract.errors import Unavailable
from service.alerts import Alert, AlertKind
from service.audit.books import until_now
from service.audit.prices import learn_prices
from service.audit.texts import outgoing_differences, strangers
from service.inbox import writing
from service.inbox.models import Message
from service.ledger.ledger import LONGEST_DOUBT, perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.parked import look_again
from service.lines.models import Line
from service.porting import number_codes
from service.porting.number_codes import LIFE, NumberCode, Way
from service.time import now, real_time
from tests.factories import CALLER, OWN, a_caller, a_draft, a_line
from tests.lesser_carrier import forgetful


@pytest.fixture
def carriers(carriers):
    return forgetful(carriers)


@pytest.fixture
def log(services):
    """The carrier's messaging: `log.tells = True`."""
    return services.network("twilio").messaging


@pytest.fixture
def line(services, work):
    with services.sessions.begin() as session:
        a_line(session, services)
    work()


@pytest.fixture
def write(services, line):
    """Write a text to a caller; with `look_since` one that may have been sent already."""

    def write(*, look_since=None):
        with services.sessions.begin() as session:
            conversation = a_caller(session, session.scalars(select(Line)).one(), CALLER)
            writing.write(session, conversation, "Once only", None)
            session.execute(update(LedgerEntry).where(_A_MESSAGE).values(look_since=look_since))

    return write


_A_MESSAGE = LedgerEntry.kind.in_([EntryKind.SEND_MESSAGE, EntryKind.SEND_NUMBER_CODE])


@pytest.fixture
def entry(services):
    """The entry of the text as it is now."""

    def entry():
        with services.sessions() as session:
            return session.scalars(select(LedgerEntry).where(_A_MESSAGE)).one()

    return entry


@pytest.fixture
def look(services, entry, work, clock):
    """Let the wait for another look be over, and whatever is due be done."""

    def look():
        with services.sessions.begin() as session:
            earlier = real_time() - timedelta(hours=1)
            session.execute(update(LedgerEntry).where(_A_MESSAGE).values(tried_at=earlier))
        perform(services, entry().id)
        work()
        clock.jump(timedelta(seconds=30))
        work()

    return look


def texts(world, phone=CALLER):
    return [text.body for text in world.phone(phone).texts if "Once only" in text.body or phone == OWN]


@pytest.fixture
def no_callbacks(world):
    world.faults.add("drop", path="*/message-status*")


def test_a_text_that_was_sent_is_found_once_the_log_tells(world, lost, look, entry, log):
    for _ in range(10):
        look()
        assert (entry().progress, entry().tries) == (Progress.TRYING, 1)
    log.tells = True
    look()
    assert (entry().progress, texts(world)) == (Progress.DONE, ["Once only"])


def test_a_text_that_never_arrived_is_sent_once_the_log_tells(world, no_callbacks, write, work, look, entry, log):
    world.faults.add("lose-before", path="*/Messages.json", count=1)
    write()
    work()
    look()
    assert (entry().progress, texts(world)) == (Progress.TRYING, [])
    log.tells = True
    look()
    assert (entry().progress, texts(world)) == (Progress.DONE, ["Once only"])


def test_what_may_have_been_sent_before_is_not_sent_until_the_log_tells(world, write, work, look, entry, log):
    write(look_since=now())
    work()
    assert (entry().progress, texts(world)) == (Progress.TRYING, [])
    log.tells = True
    look()
    assert (entry().progress, texts(world)) == (Progress.DONE, ["Once only"])


@pytest.fixture
def lost(world, no_callbacks, write, work):
    """A text that the carrier has sent, though nothing came back of it."""
    world.faults.add("lose-after", path="*/Messages.json", count=1)
    write()
    work()


def test_after_a_day_an_operator_decides(services, world, lost, work, look, entry, log):
    with services.sessions.begin() as session:
        session.execute(update(LedgerEntry).where(_A_MESSAGE).values(due_at=real_time() - LONGEST_DOUBT))
    look()
    assert (entry().progress, entry().trouble) == (Progress.PARKED, "the carrier cannot tell: its log is late")
    with services.sessions.begin() as session:
        assert session.scalars(select(Alert.kind)).all() == [AlertKind.ENTRY_PARKED]
        look_again(session, entry().tag)
    log.tells = True
    work()
    assert (entry().progress, texts(world)) == (Progress.DONE, ["Once only"])


@pytest.fixture
def code(services, work, world):
    """A code that is texted to a number, whose answer is lost."""
    world.faults.add("lose-after", path="*/Messages.json", count=1)
    with services.sessions.begin() as session:
        project = a_draft(session, a_line(session, services), OWN)
        number_codes.ask(session, services, project, OWN, Way.TEXT)
    work()


def test_a_status_callback_tells_what_the_log_does_not(world, code, clock, work, look, entry):
    clock.jump(timedelta(seconds=10))
    work()
    look()
    assert (entry().progress, len(texts(world, OWN))) == (Progress.DONE, 1)
    assert entry().reference


def test_a_code_that_is_too_late_is_not_looked_for_any_longer(services, world, no_callbacks, code, look, entry):
    look()
    assert entry().progress is Progress.TRYING
    with services.sessions.begin() as session:
        session.execute(update(NumberCode).values(asked_at=real_time() - LIFE))
    look()
    assert (entry().progress, len(texts(world, OWN))) == (Progress.REFUSED, 1)


def test_texts_that_left_are_not_compared_and_not_adopted_while_the_log_does_not_tell(services, write, work, log):
    write()
    work()
    period = until_now(now() - timedelta(hours=1))
    said = ["Texts that left twilio were not compared: its log is late."]
    assert list(outgoing_differences(services, "twilio", period)) == said
    with pytest.raises(Unavailable, match="its log is late"):
        strangers(services, "twilio", period)
    learn_prices(services, "twilio")
    log.tells = True
    assert strangers(services, "twilio", period) == []
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
