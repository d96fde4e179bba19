"""The text of a PDF, as far as it can be got at: files come from anywhere, and anything may be wrong with them.

What opens a file runs apart (`service/bounded.py`), so this module imports nothing of ours, and the
libraries only there.
"""

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

if TYPE_CHECKING:
    from pypdf import PageObject

PDF: Final = "application/pdf"
"""Its media type."""

_HEADER: Final = b"%PDF-"

HEADER_WITHIN: Final = 1024
"""Readers look for the header in so many bytes: mail gateways and web servers put lines before it."""

PAGES: Final = 4
"""Only the first pages are read: name, address, account and date stand there."""

LONGEST: Final = 40_000
"""How many characters of the text are kept."""

_UNKNOWN: Final = 0.1
"""So large a share of unknown letters makes a text unreadable; a logo or a bar code has fewer."""

_NO_LETTERS: Final = {"Cc", "Cn", "Co", "Cs"}

# the library's complaints may quote what it reads
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def is_pdf(content: bytes) -> bool:
    """Whether a file says that it is a PDF."""
    return _HEADER in content[:HEADER_WITHIN]


def from_header(content: bytes) -> bytes:
    """Cut the bytes before the header of a PDF: strict readers want it at the very beginning."""
    return content[content.index(_HEADER) :]


def has_pages(content: bytes) -> bool:
    """Whether a PDF can be opened without a password and has a page."""
    from pypdf import PdfReader

    try:
        return len(PdfReader(BytesIO(content)).pages) > 0
    except Exception:  # noqa: BLE001 -- the library fails in any way on a file that is damaged in any way
        return False


def words_of(content: bytes) -> str:
    """The text of a PDF's first pages; "" for a scan, where reading fails, or where its letters are unknown.

    Raises:
        MemoryError: reading it takes more than there is.
    """
    from pypdf import PdfReader

    if not is_pdf(content):
        return ""
    try:
        read = [_text_of(page) for page in PdfReader(BytesIO(content)).pages[:PAGES]]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- as above; a scan is read no better
        return ""
    text = "\n".join(text for text, _ in read)
    unknown = "".join(unknown for _, unknown in read)
    whole = _whole(text) if len(unknown) <= _UNKNOWN * len(text) else ""
    return whole.replace("\x00", "")[:LONGEST].strip()


def _text_of(page: "PageObject") -> tuple[str, str]:
    """The text of a page, and those of its characters of which nothing tells which letters they draw."""
    unknown: list[str] = []

    def collect(text: str, _user: object, _place: object, font: Mapping[str, Any] | None, _size: float) -> None:
        known = font is None or _names_letters(font)
        unknown.extend(one for one in text if not (one.isspace() or (known and category(one) not in _NO_LETTERS)))

    return page.extract_text(visitor_text=collect), "".join(unknown)


def _names_letters(font: Mapping[str, Any]) -> bool:
    """Whether a font says which letters its codes stand for: by a map, by their names, or in a usual encoding."""
    from pypdf.generic import NameObject

    encoding = font.get("/Encoding")
    if "/ToUnicode" in font:
        return True
    if font.get("/Subtype") == "/Type0":
        return not str(encoding).startswith("/Identity")
    differences = encoding.get("/Differences", []) if isinstance(encoding, Mapping) else []
    names = [name for name in differences if isinstance(name, NameObject)]
    return sum(not _letter(name) for name in names) <= len(names) / 2


def _letter(name: str) -> str:
    from fontTools import agl

    letter: str = agl.toUnicode(name[1:])
    return letter


def _whole(text: str) -> str:
    """A text whose half surrogates, which no database takes, are joined or replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
