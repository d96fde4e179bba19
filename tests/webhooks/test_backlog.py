"""Whose turn it is among the callbacks that were not read yet."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import text as sql

from provisioning.contract.callbacks import Subject
from tests.service.inbox.lines import OURS
from tests.webhooks.callback_forms import EVERYTHING, port_event, text
from webhooks.backlog import Backlog
from webhooks.intake import Callback, Intake


@pytest.fixture
def keep(services):
    intake = Intake(services.settings.database_url)

    def keep(subject, body):
        content = body if isinstance(body, bytes) else urlencode(body).encode()
        intake.keep(Callback("twilio", Subject(subject), "", content))

    return keep


@pytest.fixture
def texts(keep):
    """Keep so many texts of one caller."""

    def texts(caller, count):
        for number in range(count):
            keep("message", text(To=OURS, From=f"+1415555{caller:04d}", MessageSid=f"SM{caller}-{number}"))

    return texts


@pytest.fixture
def reads(services):
    with services.sessions() as session:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session.connection()


@pytest.fixture
def backlog(services):
    return Backlog(services)


def sizes(batch):
    return [len(callbacks) for callbacks in batch.values()]


def test_each_thread_has_its_share_of_the_sequences(backlog, reads, texts):
    for caller in range(8):
        texts(caller, 2)
    backlog.look(reads)
    assert [sizes(backlog.take(threads)) for threads in (4, 3, 2, 1)] == [[2, 2]] * 4
    assert backlog.take(1) == {}


def test_what_is_taken_is_not_found_again_until_it_is_given_back(backlog, reads, texts):
    texts(1, 2)
    backlog.look(reads)
    batch = backlog.take(1)
    backlog.look(reads)
    assert backlog.free() == 0
    backlog.give_back(batch, [])
    backlog.look(reads)
    assert backlog.take(1) == batch


def test_a_flood_of_one_sequence_leaves_the_others_their_turns(backlog, reads, texts):
    texts(1, 250)
    texts(2, 1)
    backlog.look(reads)
    flood = backlog.take(1)
    assert sizes(flood) == [50]
    backlog.look(reads)
    backlog.give_back(flood, [])
    assert [sizes(backlog.take(threads)) for threads in (2, 1)] == [[50], [1]]


def test_after_its_turn_a_sequence_waits_behind_the_others(backlog, reads, texts):
    texts(1, 60)
    texts(2, 1)
    backlog.look(reads)
    backlog.give_back(backlog.take(2), [])
    assert [sizes(backlog.take(threads)) for threads in (2, 1)] == [[1], [10]]


def test_what_is_left_of_a_batch_goes_before_what_came_later(backlog, reads, texts):
    texts(1, 60)
    backlog.look(reads)
    [taken] = (batch := backlog.take(1)).values()
    backlog.give_back(batch, taken[20:])
    [again] = backlog.take(1).values()
    assert again[:30] == taken[20:]
    assert [one.id for one in again] == sorted(one.id for one in again)


def test_what_could_not_be_read_is_read_by_itself(backlog, reads, texts):
    for caller in range(3):
        texts(caller, 2)
    reads.execute(sql("UPDATE received SET tries = 1 WHERE id = (SELECT min(id) + 2 FROM received)"))
    backlog.look(reads)
    assert [sizes(backlog.take(1)) for _ in range(3)] == [[2], [1], [2]]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("message", {}), ("message", {"Body": "Again", "MessageSid": "SM2"}), True),
        (("message", {}), ("message", {"From": "+14155550177", "MessageSid": "SM2"}), False),
        (("voice", {}), ("recording", {"From": "", "To": ""}), True),
        (("voice", {}), ("call-status", {"CallSid": "CA2"}), False),
        (("message-status", {}), ("message-status", {"MessageStatus": "delivered"}), True),
        (("message-status", {}), ("message-status", {"MessageSid": "SM2"}), False),
        (("message-status", {"MessageStatus": "odd"}), ("message-status", {"MessageStatus": "odder"}), False),
    ],
)
def test_what_belongs_together_is_one_sequence(backlog, reads, keep, one, other, together):
    for subject, fields in (one, other):
        keep(subject, EVERYTHING | fields)
    backlog.look(reads)
    assert len(backlog.take(1)) == (1 if together else 2)


def test_the_news_of_an_order_is_one_sequence(backlog, reads, keep):
    keep("porting", port_event())
    keep("porting", port_event().replace(b"in_review", b"completed"))
    keep("porting", port_event("KW" + "b" * 32))
    backlog.look(reads)
    assert [len(callbacks) for callbacks in backlog.take(1).values()] == [2, 1]
