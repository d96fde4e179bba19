"""Mail for anybody, taken over SMTP and shown in the console."""

import smtplib
import socket
from email.message import EmailMessage

import pytest

from sandbox.app import create_app
from sandbox.received_mail import KEPT, ReceivedMail
from sandbox.smtp import listen


def email(to="alice@example.com", subject="Hello", html="<p>Hello</p>"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "us@portline.example", to, subject
    message.set_content("Hello in plain words")
    message.add_alternative(html, subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="move.ics")
    return message


@pytest.fixture
def app(world):
    return create_app(world, public_url="http://sandbox.test")


@pytest.fixture
def received_mail(app):
    return app.extensions["received_mail"]


def test_a_letter_handed_over_by_smtp_can_be_read(app, received_mail, clock):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    listening = listen(received_mail, "127.0.0.1", port)
    try:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(email())
    finally:
        listening.stop()

    [read] = app.test_client().get("/_control/mail").json
    assert (read["to"], read["subject"]) == (["alice@example.com"], "Hello")
    assert read["text"].strip() == "Hello in plain words"
    assert read["attachments"] == ["move.ics"]
    assert read["at"] == clock.now().isoformat()


def test_one_persons_letters_are_theirs_alone(app, received_mail):
    received_mail.take(bytes(email()), ["alice@example.com"])
    received_mail.take(bytes(email("bob@example.com", "Other")), ["bob@example.com"])

    read = app.test_client().get("/_control/mail?to=bob@example.com").json
    assert [each["subject"] for each in read] == ["Other"]


def test_the_console_shows_a_page_without_running_it(app, received_mail):
    received_mail.take(bytes(email(html='"><script>alert(1)</script>')), ["alice@example.com"])

    page = app.test_client().get("/console/mail").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<iframe sandbox " in page


def test_the_console_says_when_there_is_no_mail(app):
    assert "No mail yet." in app.test_client().get("/console/mail").get_data(as_text=True)


def test_a_full_letterbox_forgets_the_oldest(clock):
    received_mail = ReceivedMail(clock)
    for count in range(KEPT + 1):
        received_mail.take(f"Subject: {count}\n\n".encode(), ["alice@example.com"])

    kept = received_mail.emails()
    assert (len(kept), kept[0].subject) == (KEPT, "1")


def test_a_letter_that_is_hardly_one_is_kept_all_the_same(received_mail):
    received_mail.take(b"\xff\xfe nothing", ["alice@example.com"])

    assert received_mail.emails()[0].subject == ""
