"""Owed e-mails, sent to an SMTP server."""

import socket
from dataclasses import replace
from smtplib import SMTPRecipientsRefused

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from service.alerts import Alert
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.notifications.mailers import mailer_for
from service.notifications.models import Channel
from service.notifications.notices import DateSet
from service.services import Mail


@pytest.fixture
def deliver(services, port, notify_alice):
    """Notify Alice by mail, and try to send it; the entry afterwards."""

    def delivering(mail_port=port, sender=services.settings.mail_from):
        notify_alice(DateSet, number="")
        settings = replace(services.settings, mail_from=sender)
        posting = replace(services, settings=settings, mailer=mailer_for(f"smtp://127.0.0.1:{mail_port}", sender))
        perform(posting, owed(services).id)
        return owed(services)

    return delivering


def owed(services):
    with services.sessions.begin() as session:
        return session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_MAIL)).one()


def test_a_mail_goes_out_with_the_effects_own_id(deliver, mail_server, notifications):
    entry = deliver()

    [message] = mail_server.taken
    assert entry.progress is Progress.DONE
    assert message["Message-ID"].startswith(f"<{entry.tag}@")
    assert notifications(Channel.EMAIL)[0].sent_at is not None


def test_a_sender_with_a_long_name_is_no_reason_to_send_twice(deliver, mail_server):
    sender = f"Portline <hello@{'notifications.' * 8}portline.example>"

    assert deliver(sender=sender).progress is Progress.DONE
    assert len(mail_server.taken) == 1


def test_the_calendar_travels_with_the_date(deliver, mail_server):
    deliver()

    [calendar] = mail_server.taken[0].iter_attachments()
    assert "DTSTART;VALUE=DATE:20260505" in calendar.get_content()


@pytest.mark.parametrize("refusing", ["answer", "recipient_answer"])
def test_a_mailbox_that_refuses_for_good_alerts_an_operator(deliver, mail_server, services, notifications, refusing):
    setattr(mail_server, refusing, "550 No such mailbox")

    assert deliver().progress is Progress.REFUSED
    assert notifications(Channel.EMAIL)[0].trouble == "refused"
    with services.sessions.begin() as session:
        assert session.scalars(select(Alert.kind)).all() == ["mail_refused"]


@pytest.mark.parametrize("refusing", ["answer", "recipient_answer"])
def test_a_mailbox_that_is_busy_gets_it_later(deliver, mail_server, notifications, refusing):
    setattr(mail_server, refusing, "451 Try again later")

    assert deliver().progress is Progress.READY
    assert notifications(Channel.EMAIL)[0].trouble == ""


def test_a_server_that_is_down_gets_it_later(deliver):
    assert deliver(mail_port=1).progress is Progress.READY


def test_no_address_is_kept_with_what_went_wrong(deliver, mail_server):
    mail_server.recipient_answer = "550 alice@example.com is unknown here"

    assert "alice" not in deliver().trouble


def send(to, port):
    mailer = mailer_for(f"smtp://127.0.0.1:{port}", "Portline <hello@portline.example>")
    mailer.send(Mail(to, "Hej", "Hej", "", "<1@portline.example>"))


def test_a_domain_of_other_letters_goes_out_in_punycode(port, mail_server):
    send("info@bäckerei.example", port)
    assert mail_server.taken[0]["To"] == "info@xn--bckerei-5wa.example"


def test_a_name_of_other_letters_goes_to_a_server_that_takes_them(port, mail_server):
    send("åsa@example.com", port)
    assert mail_server.taken[0]["To"] == "åsa@example.com"


def test_a_name_of_other_letters_is_refused_for_good_where_the_server_takes_none(mail_server):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    plain = Controller(mail_server, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    plain.start()
    try:
        with pytest.raises(SMTPRecipientsRefused) as refused:
            send("åsa@example.com", port)
    finally:
        plain.stop()
    assert refused.value.recipients["åsa@example.com"][0] == 553
    assert mail_server.taken == []
