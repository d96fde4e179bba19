import smtplib
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from service.notifications.mailers import ConsoleMailer, SmtpMailer, mailer_for
from service.notifications.mime import mime_message
from service.services import Mail

MAIL = Mail(
    to="alice@example.com",
    subject="Flytten sker tisdag 5 maj",
    text="Vi flyttar ditt nummer.",
    html="<p>Vi flyttar ditt nummer.</p>",
    message_id="<portline-1@portline.example>",
    calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
)
SENDER = "Portline <hello@portline.example>"


@pytest.fixture
def mailer(port):
    return mailer_for(f"smtp://127.0.0.1:{port}", SENDER)


def test_an_email_arrives_with_all_its_parts(mailer, mail_server):
    mailer.send(MAIL)

    [message] = mail_server.taken
    assert message["From"] == SENDER
    assert message["To"] == "alice@example.com"
    assert message["Subject"] == "Flytten sker tisdag 5 maj"
    assert message["Message-ID"] == "<portline-1@portline.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == MAIL.text
    assert message.get_body(("html",)).get_content().strip() == MAIL.html
    [calendar] = message.iter_attachments()
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "move.ics")


def test_an_email_without_a_date_has_no_calendar():
    message = mime_message(Mail("alice@example.com", "Hello", "Hello", "<p>Hello</p>", "<1@portline.example>"), SENDER)

    assert list(message.iter_attachments()) == []


@pytest.mark.parametrize("words", ["moves on the day ", "à zéro ", "på svenska är det så "])
def test_a_subject_of_any_length_arrives_as_it_was_written(words):
    for length in range(20, 130):
        written = f"(415) 555-2671 {words * 20}"[:length].strip()
        sent = bytes(mime_message(replace(MAIL, subject=written), SENDER))

        assert message_from_bytes(sent, policy=policy.default)["Subject"] == written
        assert b"Subject:\n" not in sent
        assert max(map(len, sent.split(b"\n\n")[0].splitlines())) <= 78


def test_a_subject_cannot_smuggle_in_a_header():
    with pytest.raises(ValueError, match="Header"):
        mime_message(
            Mail("alice@example.com", "Hello\nBcc: charlie@example.com", "", "", "<1@portline.example>"), SENDER
        )


def test_a_password_of_the_url_logs_in(port, mail_server):
    mailer_for(f"smtp://portline:pa%3Ass@127.0.0.1:{port}", SENDER).send(MAIL)

    assert mail_server.logins == [("portline", "pa:ss")]
    assert len(mail_server.taken) == 1


def test_a_wrong_password_is_said_without_repeating_it(port, mail_server):
    mailer = mailer_for(f"smtp://portline:wrong-one@127.0.0.1:{port}", SENDER)

    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        mailer.send(MAIL)
    assert "wrong-one" not in str(refusal.value)
    assert "wrong-one" not in repr(mailer)


def test_a_password_never_leaves_in_clear(port, mail_server):
    # an address of this machine that does not look like one
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mailer_for(f"smtp://portline:pa%3Ass@127.1:{port}", SENDER).send(MAIL)
    assert mail_server.logins == []


def test_a_server_nobody_can_reach_is_told_from_one_that_refuses():
    with pytest.raises(smtplib.SMTPConnectError):
        mailer_for("smtp://127.0.0.1:1", SENDER).send(MAIL)


@pytest.mark.parametrize(
    ("url", "mailer"),
    [
        ("smtp://mail.example", SmtpMailer("mail.example", 25, SENDER)),
        ("smtp://mail.example:587", SmtpMailer("mail.example", 587, SENDER)),
        ("smtps://u:p%40@mail.example", SmtpMailer("mail.example", 465, SENDER, secure=True, user="u", password="p@")),
        ("console:", ConsoleMailer(SENDER)),
    ],
)
def test_a_mail_url_names_the_mailer(url, mailer):
    assert mailer_for(url, SENDER) == mailer


def test_a_laptop_shows_mail_on_the_terminal(capsys):
    mailer_for("console:", SENDER).send(MAIL)

    assert "mail to alice@example.com: Flytten sker tisdag 5 maj" in capsys.readouterr().err
