"""A letter on the wire: plain text and HTML of the same words, and the date as a calendar file."""

from email.message import EmailMessage
from email.utils import format_datetime

from service.services import Mail
from service.time import now


def letter(mail: Mail, sender: str) -> EmailMessage:
    """The MIME message. `Message-ID` is the mail's own, so a letter that is sent again shows up once."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = mail.message_id
    # nobody's holiday answer is wanted: https://www.rfc-editor.org/rfc/rfc3834#section-5
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_attachment(mail.calendar, subtype="calendar", filename="move.ics")
    return message
