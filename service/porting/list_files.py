"""Lists of numbers in a file: text in the encodings that spreadsheets write, or a workbook (.xlsx)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from service.bounded import NotRead, TooMuch, read_apart
from service.errors import Invalid
from service.plain_text import UTF_16, decoded
from service.porting.number_lists import Row, rows_of
from service.porting.workbooks import cells_of

LARGEST_LIST: Final = 5 * 1024 * 1024
LARGEST_WORKBOOK: Final = 8 * 1024 * 1024
"""Bytes of a workbook once unpacked: reading so many takes two to three seconds of a processor."""

MOST_PARTS: Final = 200

TOO_LARGE: Final = "This file is too large. Keep only the column with the numbers."
TOO_LONG_TO_READ: Final = (
    "This file takes too long to read. Copy the column with the numbers into a new workbook, or into the field above."
)
UNREADABLE: Final = "We can’t read this file. Save it as CSV or as an Excel workbook (.xlsx)."

_ZIP: Final = b"PK\x03\x04"


def rows_in(content: bytes) -> Iterator[Row]:
    """The rows of a file.

    Raises:
        Invalid: on the field `list`: too large, or neither text nor a workbook.
    """
    if content.startswith(_ZIP) and len(content) <= LARGEST_LIST:
        return _rows_of_workbook(content)
    return rows_of(text_in(content))


def text_in(content: bytes) -> str:
    """The text of a file, as `decoded` reads it.

    Raises:
        Invalid: on the field `list`: too large, or no text.
    """
    if len(content) > LARGEST_LIST:
        raise Invalid({"list": [TOO_LARGE]})
    if not content.startswith(UTF_16) and (b"\0" in content or content.startswith(b"%PDF")):
        raise Invalid({"list": [UNREADABLE]})
    return decoded(content)


def _rows_of_workbook(content: bytes) -> Iterator[Row]:
    """The rows of its first sheet. What it unpacks to is known before anything is unpacked. Raises `Invalid`."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WORKBOOK:
            raise Invalid({"list": [TOO_LARGE]})
        return enumerate(read_apart(cells_of, content), 1)
    except TooMuch:
        raise Invalid({"list": [TOO_LONG_TO_READ]}) from None
    except (BadZipFile, NotRead, OSError, ValueError):
        raise Invalid({"list": [UNREADABLE]}) from None
