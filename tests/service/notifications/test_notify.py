from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus, Trouble
from sandbox.faults import FaultKind
from service.alerts import Alert
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.notifications.channels.sms import progressed
from service.notifications.models import Channel
from service.notifications.notices import Arrived, DateMoved, DateSet, Submitted
from service.notifications.previews import ABOUT
from service.optouts import stop, stopped

ALICE, ALICES_MAIL = "+14155550123", "alice@example.com"


@pytest.fixture
def alerts(services):
    def kinds():
        with services.sessions.begin() as session:
            return list(session.scalars(select(Alert.kind).order_by(Alert.id)))

    return kinds


def settle(work, clock):
    """Do everything due, and let the seconds pass in which texts are delivered."""
    work()
    clock.jump(timedelta(seconds=30))
    work()


def owed(services):
    """The text that is owed."""
    with services.sessions.begin() as session:
        return session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_TEXT)).one()


def test_a_notice_reaches_a_person_by_text_and_by_mail(notify_alice, work, clock, texts, mailbox, notifications):
    notify_alice()
    settle(work, clock)

    [text] = texts()
    [mail] = mailbox.to(ALICES_MAIL)
    assert text.startswith("Portline: we got your request to transfer (415) 555-2671.")
    assert mail.subject == "We got your request to transfer (415) 555-2671"
    assert [row.sent_at is not None for row in [*notifications(Channel.SMS), *notifications(Channel.EMAIL)]] == [
        True,
        True,
    ]


def test_the_text_leaves_from_the_platforms_own_number(notify_alice, work, clock, world, platform):
    notify_alice()
    settle(work, clock)

    assert [text.from_ for text in world.phone(ALICE).texts] == [platform]


def test_the_same_notice_again_is_not_sent(notify_alice, work, clock, texts, mailbox):
    notify_alice()
    settle(work, clock)
    notify_alice()
    settle(work, clock)

    assert (len(texts()), len(mailbox.mails)) == (1, 1)


def test_another_version_of_a_notice_is_sent(notify_alice, work, clock, texts):
    notify_alice(DateMoved, version="1")
    notify_alice(DateMoved, version="2", date=date(2026, 5, 6))
    settle(work, clock)

    assert len(texts()) == 2


def test_the_words_say_what_was_so_when_it_happened(notify_alice, notifications):
    notify_alice(DateSet, date=date(2026, 5, 5))

    [row] = notifications(Channel.SMS)
    assert "Tuesday, May 5" in row.words["text"]


def test_a_row_keeps_the_facts_of_the_notice_as_json_and_no_others(notify_alice, notifications):
    notify_alice(DateMoved, date=datetime(2026, 5, 5, 14, tzinfo=UTC))

    [row] = notifications(Channel.EMAIL)
    assert row.facts == {
        "numbers": ["+14155552671"],
        "link": ABOUT.link,
        "zone": "America/New_York",
        "brand": "Portline",
        "old_date": "2026-04-28",
        "date": "2026-05-05T14:00:00+00:00",
        "date_version": 2,
    }


def test_an_answer_lost_on_the_way_never_makes_a_second_text(services, notify_alice, world, work, clock, texts):
    world.faults.add(FaultKind.LOSE_AFTER, count=1, path="*/Messages.json")
    notify_alice()
    settle(work, clock)
    entry = owed(services)
    assert entry.progress is Progress.TRYING
    perform(services, entry.id)
    settle(work, clock)

    assert len(texts()) == 1


def test_a_carrier_that_is_down_gets_the_text_later(services, notify_alice, world, work, clock, texts):
    world.faults.add(FaultKind.ERROR, count=1, status=503, path="*/Messages.json")
    notify_alice()
    work()
    entry = owed(services)
    assert entry.progress is Progress.READY
    with services.sessions.begin() as session:
        session.get_one(LedgerEntry, entry.id).due_at = entry.owed_at
    perform(services, entry.id)
    settle(work, clock)

    assert len(texts()) == 1


def test_a_person_who_sent_stop_gets_mail_only(notify_alice, world, platform, work, clock, texts, mailbox):
    world.text(ALICE, platform, "STOP")
    settle(work, clock)
    answered = len(texts())
    notify_alice()
    settle(work, clock)

    assert len(texts()) == answered
    assert len(mailbox.to(ALICES_MAIL)) == 1


def test_stop_holds_for_a_text_that_was_owed_already(services, notify_alice, work, texts, notifications):
    notify_alice()
    with services.sessions.begin() as session:
        stop(session, ALICE)
    work()

    assert texts() == []
    assert [row.trouble for row in notifications(Channel.SMS)] == [Trouble.OPTED_OUT]


def test_start_brings_the_texts_back(notify_alice, world, platform, work, clock, texts):
    for word in ("STOP", "START"):
        world.text(ALICE, platform, word)
        settle(work, clock)
    before = len(texts())
    notify_alice()
    settle(work, clock)

    assert len(texts()) == before + 1


def test_a_stop_that_only_the_carrier_knew_of_is_kept(services, notify_alice, work, notifications):
    notify_alice(number="+14155521610")
    work()

    assert [row.trouble for row in notifications(Channel.SMS)] == [Trouble.OPTED_OUT]
    with services.sessions.begin() as session:
        assert stopped(session, "+14155521610")


def test_a_landline_gets_no_text_and_the_mail_says_it(notify_alice, work, mailbox, notifications, alerts):
    notify_alice(number="+14155521614")
    work()

    assert [row.trouble for row in notifications(Channel.SMS)] == [Trouble.LANDLINE]
    assert len(mailbox.to(ALICES_MAIL)) == 1
    assert alerts() == []


def test_a_text_that_fails_where_there_is_no_mail_is_shown_to_an_operator(notify_alice, work, alerts):
    notify_alice(number="+15005550009", email="")
    work()

    assert alerts() == ["text_undelivered"]


def test_a_text_that_fails_on_its_way_is_noted(notify_alice, work, clock, notifications):
    notify_alice(number="+12125553006")
    settle(work, clock)

    assert [row.trouble for row in notifications(Channel.SMS)] == [Trouble.LANDLINE]


def test_a_status_callback_for_a_delivered_text_changes_nothing(services, notify_alice, work, notifications):
    notify_alice()
    work()
    with services.sessions.begin() as session:
        owed = session.scalar(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_TEXT))
        progressed(session, owed, MessageProgressed("SM1", MessageStatus.DELIVERED))

    assert [row.trouble for row in notifications(Channel.SMS)] == [""]


def test_a_person_without_any_address_is_shown_to_an_operator(notify_alice, alerts, notifications):
    notify_alice(number="", email="")

    assert alerts() == ["no_contact"]
    assert notifications(Channel.EMAIL) == []


def test_a_notice_that_cannot_be_worded_undoes_nothing_and_is_shown(notify_alice, alerts, notifications):
    notify_alice(Arrived, ported_at=None)

    assert alerts() == ["message_not_worded"]
    assert notifications(Channel.EMAIL) == notifications(Channel.SMS) == []


def test_a_date_brings_its_calendar_along(notify_alice, work, mailbox):
    notify_alice(DateSet)
    notify_alice(Submitted)
    work()

    calendars = {mail.subject: mail.calendar for mail in mailbox.to(ALICES_MAIL)}
    assert "BEGIN:VEVENT" in calendars["(415) 555-2671 moves Tuesday, May 5"]
    assert calendars["We got your request to transfer (415) 555-2671"] == ""


def test_every_effect_ends(services, notify_alice, work):
    notify_alice()
    work()
    with services.sessions.begin() as session:
        assert set(session.scalars(select(LedgerEntry.progress))) == {Progress.DONE}


def test_a_notice_that_is_owed_twice_at_once_is_sent_once(services, notify_alice, work, clock, texts, mailbox):
    with ThreadPoolExecutor(2) as both:
        for notifying in [both.submit(notify_alice) for _ in range(2)]:
            notifying.result()
    settle(work, clock)

    assert (len(texts()), len(mailbox.mails)) == (1, 1)
