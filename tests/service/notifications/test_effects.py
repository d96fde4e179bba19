from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus, Trouble
from sandbox.faults import FaultKind
from service.alerts import Alert
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.notifications.effects import progressed
from service.notifications.models import Channel, Message
from service.optouts import stop, stopped

ALICE, ALICES_MAIL = "+14155550123", "alice@example.com"


@pytest.fixture
def alerts(services):
    def kinds():
        with services.sessions.begin() as session:
            return list(session.scalars(select(Alert.kind).order_by(Alert.id)))

    return kinds


def settle(work, clock):
    """Everything due, and the seconds a text takes on its way."""
    work()
    clock.jump(timedelta(seconds=30))
    work()


def owed(services):
    """The text that is owed."""
    with services.sessions.begin() as session:
        return session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_TEXT)).one()


def test_a_fact_reaches_a_person_by_text_and_by_mail(tell_alice, work, clock, texts, mailbox, told):
    tell_alice()
    settle(work, clock)

    [text] = texts()
    [mail] = mailbox.to(ALICES_MAIL)
    assert text.startswith("Portline: we have your request to move +1 415-555-2671.")
    assert mail.subject == "We have your request to move +1 415-555-2671"
    assert [row.sent_at is not None for row in [*told(Channel.SMS), *told(Channel.EMAIL)]] == [True, True]


def test_the_text_leaves_from_the_platforms_own_number(tell_alice, work, clock, world, platform):
    tell_alice()
    settle(work, clock)

    assert [text.from_ for text in world.phone(ALICE).texts] == [platform]


def test_the_same_fact_again_is_silent(tell_alice, work, clock, texts, mailbox):
    tell_alice()
    settle(work, clock)
    tell_alice()
    settle(work, clock)

    assert (len(texts()), len(mailbox.letters)) == (1, 1)


def test_another_version_of_a_fact_is_told(tell_alice, work, clock, texts):
    tell_alice(Message.DATE_MOVED, version="1")
    tell_alice(Message.DATE_MOVED, version="2", date="2026-05-06")
    settle(work, clock)

    assert len(texts()) == 2


def test_the_words_say_what_was_so_when_it_happened(tell_alice, told):
    tell_alice(Message.DATE_SET, date="2026-05-05")

    [row] = told(Channel.SMS)
    assert "Tuesday 5 May" in row.words["text"]


def test_a_fact_that_nobody_asked_for_is_not_kept(tell_alice, told):
    tell_alice(pin="0713", account_number="ACC-99881")

    [row] = told(Channel.EMAIL)
    assert "pin" not in row.facts
    assert "account_number" not in row.facts


def test_an_answer_lost_on_the_way_never_makes_a_second_text(services, tell_alice, world, work, clock, texts):
    world.faults.add(FaultKind.LOSE_AFTER, count=1, path="*/Messages.json")
    tell_alice()
    settle(work, clock)
    entry = owed(services)
    assert entry.progress is Progress.TRYING
    perform(services, entry.id)
    settle(work, clock)

    assert len(texts()) == 1


def test_a_carrier_that_is_down_gets_the_text_later(services, tell_alice, world, work, clock, texts):
    world.faults.add(FaultKind.ERROR, count=1, status=503, path="*/Messages.json")
    tell_alice()
    work()
    entry = owed(services)
    assert entry.progress is Progress.READY
    with services.sessions.begin() as session:
        session.get_one(LedgerEntry, entry.id).due_at = entry.owed_at
    perform(services, entry.id)
    settle(work, clock)

    assert len(texts()) == 1


def test_whoever_sent_stop_gets_mail_only(tell_alice, world, platform, work, clock, texts, mailbox):
    world.text(ALICE, platform, "STOP")
    settle(work, clock)
    answered = len(texts())
    tell_alice()
    settle(work, clock)

    assert len(texts()) == answered
    assert len(mailbox.to(ALICES_MAIL)) == 1


def test_stop_holds_for_a_text_that_was_owed_already(services, tell_alice, work, texts, told):
    tell_alice()
    with services.sessions.begin() as session:
        stop(session, ALICE)
    work()

    assert texts() == []
    assert [row.trouble for row in told(Channel.SMS)] == [Trouble.OPTED_OUT]


def test_start_brings_the_texts_back(tell_alice, world, platform, work, clock, texts):
    for word in ("STOP", "START"):
        world.text(ALICE, platform, word)
        settle(work, clock)
    before = len(texts())
    tell_alice()
    settle(work, clock)

    assert len(texts()) == before + 1


def test_a_stop_that_only_the_carrier_knew_of_is_kept(services, tell_alice, work, told):
    tell_alice(number="+15005550004")
    work()

    assert [row.trouble for row in told(Channel.SMS)] == [Trouble.OPTED_OUT]
    with services.sessions.begin() as session:
        assert stopped(session, "+15005550004")


def test_a_landline_gets_no_text_and_the_mail_says_it(tell_alice, work, mailbox, told, alerts):
    tell_alice(number="+15005550009")
    work()

    assert [row.trouble for row in told(Channel.SMS)] == [Trouble.LANDLINE]
    assert len(mailbox.to(ALICES_MAIL)) == 1
    assert alerts() == []


def test_a_text_that_fails_where_there_is_no_mail_is_shown_to_an_operator(tell_alice, work, alerts):
    tell_alice(number="+15005550009", email="")
    work()

    assert alerts() == ["text_undelivered"]


def test_a_text_that_fails_on_its_way_is_noted(tell_alice, work, clock, told):
    tell_alice(number="+12125553006")
    settle(work, clock)

    assert [row.trouble for row in told(Channel.SMS)] == [Trouble.LANDLINE]


def test_news_of_a_delivered_text_changes_nothing(services, tell_alice, work, told):
    tell_alice()
    work()
    with services.sessions.begin() as session:
        owed = session.scalar(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_TEXT))
        progressed(session, owed, MessageProgressed("SM1", MessageStatus.DELIVERED))

    assert [row.trouble for row in told(Channel.SMS)] == [""]


def test_a_person_without_any_address_is_shown_to_an_operator(tell_alice, alerts, told):
    tell_alice(number="", email="")

    assert alerts() == ["nobody_to_tell"]
    assert told(Channel.EMAIL) == []


def test_a_message_that_cannot_be_worded_undoes_nothing_and_is_shown(tell_alice, alerts, told):
    tell_alice(Message.ARRIVED, ported_at="")

    assert alerts() == ["message_not_worded"]
    assert told(Channel.EMAIL) == told(Channel.SMS) == []


def test_a_date_brings_its_calendar_along(tell_alice, work, mailbox):
    tell_alice(Message.DATE_SET)
    tell_alice(Message.SUBMITTED)
    work()

    calendars = {letter.subject: letter.calendar for letter in mailbox.to(ALICES_MAIL)}
    assert "BEGIN:VEVENT" in calendars["+1 415-555-2671: the move is on Tuesday 5 May"]
    assert calendars["We have your request to move +1 415-555-2671"] == ""


def test_every_effect_ends(services, tell_alice, work):
    tell_alice()
    work()
    with services.sessions.begin() as session:
        assert set(session.scalars(select(LedgerEntry.progress))) == {Progress.DONE}


def test_two_who_tell_the_same_fact_at_once_tell_it_once(services, tell_alice, work, clock, texts, mailbox):
    with ThreadPoolExecutor(2) as both:
        for telling in [both.submit(tell_alice) for _ in range(2)]:
            telling.result()
    settle(work, clock)

    assert (len(texts()), len(mailbox.letters)) == (1, 1)
