"""The mail that people outside got: the latest letters, in memory only."""

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
class Letter:
    """A mail as it arrived: `at` on the rehearsal clock, parts that it does not have are empty."""

    at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[str, ...] = ()


class Letterbox:
    """Takes every letter, whoever it is for, and forgets the oldest when it is full."""

    def __init__(self, clock: RehearsalClock) -> None:
        self._clock = clock
        self._letters: deque[Letter] = deque(maxlen=KEPT)
        self._lock = Lock()

    def take(self, content: bytes, to: list[str]) -> None:
        """A letter arrives for these addresses."""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        letter = Letter(
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
            self._letters.append(letter)

    def letters(self, to: str = "") -> list[Letter]:
        """All letters, or those to one address, oldest first."""
        with self._lock:
            return [letter for letter in self._letters if not to or to in letter.to]


def the_letterbox() -> Letterbox:
    """The letterbox of the application that answers a request."""
    letterbox: Letterbox = current_app.extensions["letterbox"]
    return letterbox


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if isinstance(body, EmailMessage) else ""
