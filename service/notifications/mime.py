"""An e-mail as MIME: plain text and HTML of the same words, and a calendar file where there is one."""

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr

from service.brands import OURS
from service.services import Mail
from service.time import now


class _WholeSubjects(EmailPolicy):
    """Sends a subject so that a mailbox shows it as it was written.

    The folding of Python's newer classes begins some subjects with a blank, and loses or doubles blanks between words
    that are not ASCII; that of `Header` does neither.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as it is sent."""
        if name != "Subject":
            return super().fold_binary(name, value)
        return f"{name}: {Header(str(value), header_name=name).encode(linesep=self.linesep)}{self.linesep}".encode()


def mime_message(mail: Mail, sender: str) -> EmailMessage:
    """The MIME message of an e-mail. Raises ValueError when an address or the subject holds a line break."""
    message = EmailMessage(_WholeSubjects())
    message["From"] = _sender(mail, sender)
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = mail.message_id
    # asks for no automatic replies: https://www.rfc-editor.org/rfc/rfc3834#section-5
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_attachment(mail.calendar, subtype="calendar", filename="move.ics")
    return message


def _sender(mail: Mail, sender: str) -> str:
    """Our address, under the name of the platform for whose customer the e-mail is."""
    return formataddr((mail.brand, parseaddr(sender)[1])) if mail.brand not in {"", OURS} else sender
