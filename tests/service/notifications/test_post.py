import smtplib

import pytest

from service.notifications.letter import letter
from service.notifications.post import ConsolePost, SmtpPost, post_for
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
def post(port):
    return post_for(f"smtp://127.0.0.1:{port}", SENDER)


def test_a_letter_arrives_with_all_its_parts(post, mail_server):
    post.send(MAIL)

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


def test_a_letter_without_a_date_has_no_calendar():
    message = letter(Mail("alice@example.com", "Hello", "Hello", "<p>Hello</p>", "<1@portline.example>"), SENDER)

    assert list(message.iter_attachments()) == []


def test_a_subject_cannot_smuggle_in_a_header():
    with pytest.raises(ValueError, match="Header"):
        letter(Mail("alice@example.com", "Hello\nBcc: charlie@example.com", "", "", "<1@portline.example>"), SENDER)


def test_a_password_of_the_url_logs_in(port, mail_server):
    post_for(f"smtp://portline:pa%3Ass@127.0.0.1:{port}", SENDER).send(MAIL)

    assert mail_server.logins == [("portline", "pa:ss")]
    assert len(mail_server.taken) == 1


def test_a_wrong_password_is_said_without_repeating_it(port, mail_server):
    post = post_for(f"smtp://portline:wrong-one@127.0.0.1:{port}", SENDER)

    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        post.send(MAIL)
    assert "wrong-one" not in str(refusal.value)
    assert "wrong-one" not in repr(post)


def test_a_password_never_leaves_in_clear(port, mail_server):
    # an address that leads here, but does not look like it
    with pytest.raises(smtplib.SMTPNotSupportedError):
        post_for(f"smtp://portline:pa%3Ass@127.1:{port}", SENDER).send(MAIL)
    assert mail_server.logins == []


def test_a_server_nobody_can_reach_is_told_from_one_that_refuses():
    with pytest.raises(smtplib.SMTPConnectError):
        post_for("smtp://127.0.0.1:1", SENDER).send(MAIL)


@pytest.mark.parametrize(
    ("url", "post"),
    [
        ("smtp://mail.example", SmtpPost("mail.example", 25, SENDER)),
        ("smtp://mail.example:587", SmtpPost("mail.example", 587, SENDER)),
        ("smtps://u:p%40@mail.example", SmtpPost("mail.example", 465, SENDER, secure=True, user="u", password="p@")),
        ("console:", ConsolePost(SENDER)),
    ],
)
def test_a_mail_url_names_the_post(url, post):
    assert post_for(url, SENDER) == post


def test_a_laptop_shows_mail_on_the_terminal(capsys):
    post_for("console:", SENDER).send(MAIL)

    assert "mail to alice@example.com: Flytten sker tisdag 5 maj" in capsys.readouterr().err
