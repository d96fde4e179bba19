"""Reading a bill: the words of its PDF, once, soon after it was uploaded. They are kept sealed and never logged."""

import logging
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy.orm import Session

from service.porting.models import Document
from service.queue import task
from service.services import Services

PAGES: Final = 4
"""Name, address, account and date stand on the first pages."""

LONGEST: Final = 40_000
"""Characters that are kept."""

# the library's complaints may quote what it reads
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


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
    if not content.startswith(b"%PDF-"):
        return ""
    try:
        pages = PdfReader(BytesIO(content)).pages[:PAGES]
        text = "\n".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, OSError, RecursionError):
        return ""
    return text.replace("\x00", "")[:LONGEST].strip()
