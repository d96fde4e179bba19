"""Reads the text of a bill once, soon after its upload: of a PDF, and of a photo or scan where that is switched on.

The text is kept encrypted and never logged.
"""

import json
from base64 import b64decode
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any, Final

from sqlalchemy.orm import Session

from service.bounded import Bounds, Busy, NotRead, TooMuch, read_apart
from service.porting.models import Document, DocumentPage
from service.porting.pdf_text import LONGEST, is_pdf, words_of
from service.porting.photos import pages_of
from service.queue import task
from service.services import Services

PATIENCE: Final = timedelta(minutes=2)
"""How long a bill is said to be being read: longer than reading takes, and short for a person who waits."""

PHOTO: Final = Bounds(seconds=150, processor_seconds=90, memory=2 * 1024**3, slots=BoundedSemaphore(1))
"""Four pages of 5 to 13 seconds of a processor each."""


def read_soon(session: Session, bill: Document) -> None:
    """Have a bill's words read after the transaction."""
    read_words.defer_once(session, document_id=bill.id)


@task
def read_words(services: Services, *, document_id: int) -> None:
    """Store the text of a bill with it, "" where nothing can read it. A deleted bill is skipped.

    A photo, or a PDF without text, is read by a job of its own.
    """
    words = _words_of(_content(services, document_id))
    with services.sessions.begin() as session:
        if not words and services.settings.read_photos:
            read_photo.defer_once(session, document_id=document_id)
        elif bill := session.get(Document, document_id):
            bill.words = words


@task
def read_photo(services: Services, *, document_id: int) -> None:
    """Store the pages of a photo or scan, and their text, "" where nothing is found. A deleted bill is skipped."""
    pages = _pages_of(_content(services, document_id))
    with services.sessions.begin() as session:
        if bill := session.get(Document, document_id):
            bill.pages = [_page(position, page) for position, page in enumerate(pages, 1)]
            bill.words = "\n".join(row[0] for page in pages for row in page["rows"])[:LONGEST]


def _content(services: Services, document_id: int) -> bytes:
    with services.sessions() as session:
        bill = session.get(Document, document_id)
        return bill.content if bill else b""


def _words_of(content: bytes) -> str:
    try:
        return read_apart(words_of, content) if is_pdf(content) else ""
    except Busy:
        raise
    except (TooMuch, NotRead):
        return ""


def _pages_of(content: bytes) -> list[dict[str, Any]]:
    try:
        return read_apart(pages_of, content, PHOTO) if content else []
    except Busy:
        raise
    except (TooMuch, NotRead):
        return []


def _page(position: int, page: dict[str, Any]) -> DocumentPage:
    return DocumentPage(
        position=position,
        width=page["width"],
        height=page["height"],
        picture=b64decode(page["picture"]),
        rows=json.dumps(page["rows"]),
    )
