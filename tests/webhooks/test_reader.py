"""Reading stored callbacks: in order, and none lost."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg
import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy import text as text_clause

from provisioning.contract.callbacks import Subject
from service import optouts
from service.alerts import Alert
from service.db import sessions_on
from service.inbox.models import Conversation, Message, Picture
from service.queue import TRIES
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER
from tests.service.inbox.lines import OURS, a_standing_line
from tests.webhooks.callback_forms import EVERYTHING, port_event, post_form, post_json, text
from webhooks.backlog import Backlog
from webhooks.intake import Callback, Intake
from webhooks.models import Received
from webhooks.reader import Reader, read_all
from webhooks.unread import claim, read_again


@pytest.fixture
def line(services, clock):
    with services.sessions.begin() as session:
        a_standing_line(session)


@pytest.fixture
def keep(services):
    intake = Intake(services.settings.database_url)

    def keep(subject, body, query="", carrier="twilio"):
        content = body if isinstance(body, bytes) else urlencode(body).encode()
        intake.keep(Callback(carrier, Subject(subject), query, content))

    return keep


@pytest.fixture
def rows(services):
    def rows(of=Received):
        with services.sessions() as session:
            return list(session.scalars(select(of).order_by(of.id)))

    return rows


@pytest.fixture
def due_now(services):
    """Let the waits of all callbacks be over."""

    def due_now():
        with services.sessions.begin() as session:
            session.execute(update(Received).values(due_at=func.clock_timestamp()))

    return due_now


def test_a_text_is_read_into_the_inbox_once(services, line, keep, rows):
    keep("message", text(To=OURS))
    assert read_all(services) == 1
    assert read_all(services) == 0
    assert [message.text for message in rows(Message)] == ["Hej då"]
    assert rows()[0].read_at


def test_callbacks_are_read_in_the_order_they_came(services, line, keep, rows):
    for number in range(5):
        keep("message", text(To=OURS, MessageSid=f"SM{number}", Body=str(number)))
    assert read_all(services) == 5
    assert [message.text for message in rows(Message)] == list("01234")


def test_one_that_cannot_be_read_does_not_hold_up_the_next(services, line, keep, rows):
    keep("message", text(), carrier="a-carrier-that-was-removed")
    keep("message", text(To=OURS))
    assert read_all(services) == 2
    assert len(rows(Message)) == 1
    assert [(row.read_at is None, row.tries, row.trouble) for row in rows()] == [(True, 1, "KeyError"), (False, 0, "")]


def test_one_that_cannot_be_read_is_tried_again_after_waits_that_grow(services, keep, rows, due_now):
    keep("message", text(), carrier="a-carrier-that-was-removed")
    waits = []
    for _ in range(TRIES):
        read_all(services)
        assert read_all(services) == 0
        waits.append(rows()[0].due_at)
        due_now()
    assert [later > earlier for earlier, later in pairwise(waits)] == [True] * (TRIES - 1)
    assert waits[-1] - waits[0] > timedelta(minutes=9)


def test_after_eight_tries_an_operator_is_told_and_the_callback_is_still_there(services, keep, rows, due_now):
    keep("message", text(), carrier="a-carrier-that-was-removed")
    for _ in range(TRIES + 2):
        read_all(services)
        due_now()
    assert [(row.read_at, row.tries) for row in rows()] == [(None, TRIES)]
    assert [alert.kind for alert in rows(Alert)] == ["callback_unread"]


def test_once_the_fault_is_mended_it_can_be_read_again(services, app, line, keep, rows, due_now):
    keep("message", text(To=OURS), carrier="a-carrier-that-was-removed")
    for _ in range(TRIES):
        read_all(services)
        due_now()
    with services.sessions.begin() as session:
        session.execute(update(Received).values(carrier="twilio"))
    assert app.test_cli_runner().invoke(args=["read-again", str(rows()[0].id)]).exit_code == 0
    assert read_all(services) == 1
    assert len(rows(Message)) == 1


def test_reading_again_what_was_read_changes_nothing(services, line, keep, rows):
    keep("message", text(To=OURS))
    read_all(services)
    with services.sessions.begin() as session:
        read_again(session, [rows()[0].id])
    assert read_all(services) == 1
    assert len(rows(Message)) == 1


def test_a_text_for_a_number_that_is_not_here_yet_waits_for_it(services, clock, keep, rows, due_now):
    keep("message", text(To=OURS))
    read_all(services)
    assert (rows(Message), rows()[0].trouble) == ([], "too early")
    with services.sessions.begin() as session:
        a_standing_line(session)
    due_now()
    read_all(services)
    assert len(rows(Message)) == 1


def test_no_trouble_that_is_noted_quotes_a_customer(services, keep, rows):
    keep("message", text(Body="my secret"), carrier="a-carrier-that-was-removed")
    read_all(services)
    assert "secret" not in rows()[0].trouble


def test_a_porting_event_asks_about_its_order_and_an_unknown_one_is_shown_to_an_operator(services, keep, rows, work):
    keep("porting", port_event())
    work()
    assert rows()[0].read_at
    assert [(alert.kind, alert.about) for alert in rows(Alert)] == [
        ("callback_for_unknown_order", "twilio:KW" + "a" * 32)
    ]


@pytest.mark.parametrize(
    ("subject", "body"), [("porting", b"not json"), ("message-status", {"MessageStatus": "pondering"})]
)
def test_what_nobody_understands_is_shown_to_an_operator_once(services, keep, rows, subject, body):
    keep(subject, body)
    assert read_all(services) == 1
    assert [(alert.kind, alert.about) for alert in rows(Alert)] == [("callback_unfamiliar", f"twilio:{subject}")]
    assert rows()[0].read_at


def test_one_about_a_registration_that_is_not_ours_is_read_and_forgotten(services, keep, rows):
    keep("registration", {"BundleSid": "BU" + "1" * 32, "Status": "in-review"}, query="registration=portline-gone")
    read_all(services)
    assert [received.read_at is not None for received in rows()] == [True]
    assert rows(Alert) == []


def test_stop_to_our_own_number_is_no_text_of_a_line(services, line, keep, rows):
    keep("message", text(To=PLATFORM_NUMBER, Body="STOP"))
    read_all(services)
    assert rows(Message) == []
    with services.sessions() as session:
        assert optouts.stopped(session, CALLER)


@pytest.mark.parametrize("query", ["", "entry=", "entry=x", "entry=portline-0", "effect=7"])
def test_news_of_a_message_that_nobody_owes_is_read_and_forgotten(services, keep, rows, query):
    keep("message-status", {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "30008"}, query)
    assert read_all(services) == 1
    assert rows()[0].read_at
    assert rows(Alert) == []


def test_a_phone_that_is_asked_whether_it_takes_a_call_is_no_caller(services, line, keep, rows):
    keep("voice", {"CallSid": "CA9", "From": CALLER, "To": "+14155550131"}, "step=screen&line=1")
    keep("voice", {"CallSid": "CA9", "From": CALLER, "To": "+14155550131", "Digits": "1"}, "step=key&line=1")
    assert read_all(services) == 2
    assert all(row.read_at for row in rows())


def wait_until(true, seconds=5):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def test_a_text_whose_conversation_is_held_by_a_stopped_process_holds_up_no_other(services, line, keep, rows, due_now):
    keep("message", text(To=OURS))
    read_all(services)
    with services.sessions() as stopped:
        stopped.execute(select(Conversation).with_for_update())
        keep("message", text(To=OURS, MessageSid="SM2"))
        keep("message", text(To=OURS, MessageSid="SM3", From="+14155550199"))
        read_all(services)
        assert len(rows(Message)) == 2
        assert [one.trouble for one in rows() if not one.read_at] == ["a row it needs is held"]
    due_now()
    read_all(services)
    assert len(rows(Message)) == 3


@pytest.fixture
def reading(services):
    stop = threading.Event()
    reader = threading.Thread(target=Reader(services).run, args=[stop])
    reader.start()
    yield
    stop.set()
    reader.join()


def test_the_reader_is_woken_by_what_comes_in(line, keep, rows, reading):
    wait_until(lambda: not rows())
    keep("message", text(To=OURS))
    wait_until(lambda: rows()[0].read_at)


def test_the_reader_outlives_the_loss_of_its_connections(connections_cut, services, line, keep, rows, reading):
    keep("message", text(To=OURS))
    wait_until(lambda: rows()[0].read_at)
    with psycopg.connect(services.settings.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    keep("message", text(To=OURS, MessageSid="SM2"))
    wait_until(lambda: all(row.read_at for row in rows()))
    assert len(rows(Message)) == 2


def test_the_reader_outlives_a_moment_without_a_free_connection(services, line, keep, rows, monkeypatch, caplog):
    monkeypatch.setattr("webhooks.reader._NET_SECONDS", 0.05)
    engine = create_engine(
        services.sessions.kw["bind"].url, pool_size=1, max_overflow=0, pool_timeout=0.05, hide_parameters=True
    )
    stop = threading.Event()
    reader = threading.Thread(target=Reader(replace(services, sessions=sessions_on(engine))).run, args=[stop])
    with engine.connect():
        reader.start()
        keep("message", text(To=OURS))
        wait_until(lambda: "reader begins anew" in caplog.text)
    wait_until(lambda: rows()[0].read_at)
    stop.set()
    reader.join()
    engine.dispose()


HOSTILE = ("x\0y", "9" * 30, "\u00b2\u00b9", "x" * 600, "[" * 5000)


@pytest.mark.parametrize("subject", [subject for subject in Subject if subject is not Subject.PORTING])
def test_no_value_of_a_signed_callback_is_an_error_of_ours(client, services, line, rows, subject):
    for name, value in product(EVERYTHING, HOSTILE):
        assert post_form(client, subject, EVERYTHING | {name: value}).status_code < 500, (name, value)
    read_all(services)
    assert {row.trouble for row in rows()} <= {"", "too early"}


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 12_000, b"\xff\xfe", b'"\\ud800"', b"9" * 60_000])
def test_no_body_of_a_signed_porting_event_is_an_error_of_ours(client, services, rows, body):
    assert post_json(client, body).status_code == 204
    read_all(services)
    assert {row.trouble for row in rows()} == {""}


def test_a_picture_with_a_long_address_is_kept(keep, services, line, rows):
    keep("message", text(To=OURS, NumMedia="1", MediaUrl0="https://carrier.example/" + "x" * 600))
    read_all(services)
    assert [len(picture.source_url) for picture in rows(Picture)] == [624]


@pytest.fixture
def read(keep, rows):
    """Keep so many texts of each of these callers, by turns; the texts of each conversation as they came to be read."""

    def texts():
        found = {}
        for message in rows(Message):
            found.setdefault(message.conversation_id, []).append(message.text)
        return list(found.values())

    def keep_texts(callers, each):
        for number, caller in product(range(each), callers):
            body = text(To=OURS, From=f"+1415555{caller:04d}", MessageSid=f"SM{caller}-{number}", Body=str(number))
            keep("message", body)

    return SimpleNamespace(keep=keep_texts, texts=texts)


def test_many_conversations_are_read_side_by_side_and_each_in_its_order(line, read, rows, reading):
    read.keep(range(10), each=6)
    wait_until(lambda: all(row.read_at for row in rows()), seconds=20)
    assert read.texts() == [list("012345")] * 10


def test_two_readers_read_everything_once_and_in_order(services, line, read, rows, reading):
    stop = threading.Event()
    other = threading.Thread(target=Reader(services).run, args=[stop])
    other.start()
    read.keep(range(5), each=12)
    wait_until(lambda: all(row.read_at for row in rows()), seconds=20)
    stop.set()
    other.join()
    assert read.texts() == [[str(number) for number in range(12)]] * 5


def test_a_sequence_that_another_reader_is_at_is_left_to_it(services, line, keep, rows):
    keep("message", text(To=OURS))
    keep("message", text(To=OURS, From="+14155550166", MessageSid="SM2"))
    with services.sessions.begin() as session:
        backlog = Backlog(services)
        backlog.look(session.connection())
        sequence, theirs = next(iter(backlog.take(1).items()))
        assert claim(session, {sequence: theirs}, "1s") == (theirs, [])
        assert read_all(services) == 1
    assert [bool(row.read_at) for row in rows()] == [False, True]
    assert read_all(services) == 1


def test_a_flood_of_one_conversation_that_another_reader_is_at_hides_no_other(services, line, read, rows, reading):
    with services.sessions.begin() as session:
        claim(session, {f"+14155550001>{OURS}": []}, "1s")
        read.keep([1], each=450)
        read.keep([2], each=1)
        wait_until(lambda: rows()[-1].read_at)
        assert not any(row.read_at for row in rows()[:-1])


def test_one_conversation_that_is_held_up_holds_up_no_other(services, line, read, rows, reading):
    read.keep([1], each=1)
    wait_until(lambda: rows()[0].read_at)
    with services.sessions.begin() as holding:
        holding.execute(select(Conversation).with_for_update())
        read.keep([1, *range(2, 9)], each=2)
        wait_until(lambda: len([row for row in rows() if row.read_at]) == 1 + 7 * 2)
    assert {row.trouble for row in rows()} <= {"", "a row it needs is held"}


def test_what_is_held_up_is_put_off_and_read_later(services, line, read, rows, due_now, monkeypatch):
    monkeypatch.setattr("webhooks.reader.LONGEST_LOCK_WAIT", "50ms")
    read.keep([1], each=1)
    read_all(services)
    read.keep([1], each=3)
    with services.sessions.begin() as holding:
        holding.execute(select(Conversation).with_for_update())
        read_all(services)
    assert [(row.tries, row.trouble) for row in rows()] == [(0, "")] + [(1, "a row it needs is held")] * 2
    due_now()
    read_all(services)
    assert read.texts() == [list("012")]


def test_of_a_sequence_only_what_cannot_be_read_is_put_off(services, line, keep, rows):
    for number in range(3):
        keep("message", text(To=OURS, MessageSid=f"SM{number}", Body=str(number)))
    with refusing(services, "text <> '1'"):
        assert read_all(services) == 3
    assert [(bool(row.read_at), row.trouble) for row in rows()] == [
        (True, ""),
        (False, "CheckViolation"),
        (True, ""),
    ]


@contextmanager
def refusing(services, messages):
    """The database takes only such messages."""
    with services.sessions.begin() as session:
        session.execute(text_clause(f"ALTER TABLE messages ADD CONSTRAINT refused CHECK ({messages})"))
    try:
        yield
    finally:
        with services.sessions.begin() as session:
            session.execute(text_clause("ALTER TABLE messages DROP CONSTRAINT refused"))


@pytest.mark.parametrize(("caller", "is_read"), [(PLATFORM_NUMBER, True), (CALLER, False)])
def test_a_key_that_takes_a_test_call_of_ours_waits_for_no_call_and_that_of_a_customer_does(
    services, line, keep, rows, caller, is_read
):
    pressed = {"CallSid": "CA2", "ParentCallSid": "CA1", "From": caller, "To": "+14155550101", "Digits": "1"}
    keep("voice", pressed, query="step=key&line=1")
    read_all(services)
    assert [row.read_at is not None for row in rows()] == [is_read]
