"""Reads the text of a bill's PDF once, soon after its upload. The text is kept encrypted and never logged."""

from typing import Final

from sqlalchemy.orm import Session

from service.porting.models import Document
from service.porting.pdf_text import is_pdf, text_of
from service.queue import task
from service.services import Services

PAGES: Final = 4
"""Only the first pages are read: name, address, account and date stand there."""

LONGEST: Final = 40_000
"""How many characters of the text are kept."""


def read_soon(session: Session, bill: Document) -> None:
    """Have a bill's words read after the transaction."""
    read_words.defer(session, document_id=bill.id)


@task
def read_words(services: Services, *, document_id: int) -> None:
    """Store the text of a bill with it: "" for a photo, a scan or an unreadable file. A deleted bill is skipped."""
    with services.sessions() as session:
        bill = session.get(Document, document_id)
        content = bill.content if bill else b""
    words = words_of(content)
    with services.sessions.begin() as session:
        if bill := session.get(Document, document_id):
            bill.words = words


def words_of(content: bytes) -> str:
    """The text of a PDF's first pages; "" for a picture, a scan, or a file whose text cannot be got at."""
    return text_of(content, PAGES).replace("\x00", "")[:LONGEST].strip() if is_pdf(content) else ""
