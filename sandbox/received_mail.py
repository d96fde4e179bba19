"""The e-mails received over SMTP. Only the latest are kept, in memory."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock

from flask import current_app

from sandbox.clock import RehearsalClock

KEPT = 500


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail as it arrived. `at` is the time on the rehearsal clock; missing parts are empty."""

    at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[str, ...] = ()


class ReceivedMail:
    """Keeps e-mails to any address, and forgets the oldest when it is full."""

    def __init__(self, clock: RehearsalClock) -> None:
        self._clock = clock
        self._emails: deque[Email] = deque(maxlen=KEPT)
        self._lock = Lock()

    def take(self, content: bytes, to: list[str]) -> None:
        """Keep an e-mail for these addresses."""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        email = Email(
            at=self._clock.now(),
            to=tuple(to),
            sender=str(message["From"] or ""),
            subject=str(message["Subject"] or ""),
            text=_part(message, "plain"),
            html=_part(message, "html"),
            message_id=str(message["Message-ID"] or ""),
            attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
        )
        with self._lock:
            self._emails.append(email)

    def emails(self, to: str = "") -> list[Email]:
        """All e-mails, or those to one address, oldest first."""
        with self._lock:
            return [email for email in self._emails if not to or to in email.to]


def the_received_mail() -> ReceivedMail:
    """The received e-mails of the current application."""
    received_mail: ReceivedMail = current_app.extensions["received_mail"]
    return received_mail


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if isinstance(body, EmailMessage) else ""
