"""Reads the text of a bill's PDF once, soon after its upload. The text is kept encrypted and never logged."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.bounded import NotRead, TooMuch, read_apart
from service.porting.models import Document
from service.porting.pdf_text import is_pdf, words_of
from service.queue import task
from service.services import Services

PATIENCE: Final = timedelta(minutes=2)
"""How long a bill is said to be being read: longer than reading takes, and short for a person who waits."""


def read_soon(session: Session, bill: Document) -> None:
    """Have a bill's words read after the transaction."""
    read_words.defer_once(session, document_id=bill.id)


@task
def read_words(services: Services, *, document_id: int) -> None:
    """Store the text of a bill with it: "" for a photo, a scan or an unreadable file. A deleted bill is skipped."""
    with services.sessions() as session:
        bill = session.get(Document, document_id)
        content = bill.content if bill else b""
    words = _words_of(content)
    with services.sessions.begin() as session:
        if bill := session.get(Document, document_id):
            bill.words = words


def _words_of(content: bytes) -> str:
    try:
        return read_apart(words_of, content) if is_pdf(content) else ""
    except (TooMuch, NotRead):
        return ""
