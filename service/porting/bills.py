"""Reading a bill: the words of its PDF, once, soon after it was uploaded. They are kept sealed and never logged."""

from typing import Final

from sqlalchemy.orm import Session

from service.porting.models import Document
from service.porting.pdf_text import is_pdf, text_of
from service.queue import task
from service.services import Services

PAGES: Final = 4
"""Name, address, account and date stand on the first pages."""

LONGEST: Final = 40_000
"""Characters that are kept."""


def read_soon(session: Session, bill: Document) -> None:
    """Have a bill's words read after the transaction."""
    read_words.defer(session, document_id=bill.id)


@task
def read_words(services: Services, *, document_id: int) -> None:
    """Keep a bill's words beside it; "" where it has none, as a photo or a scan. One that is gone is not read."""
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
