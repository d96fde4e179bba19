"""The file of a bill as it was uploaded: its type by its content, and several photos of one bill as one PDF."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Final

from PIL import Image, UnidentifiedImageError

from service.bounded import NotRead, TooMuch, read_apart
from service.errors import Invalid
from service.porting.pdf_text import PDF, from_header, has_pages, is_pdf
from service.porting.photo_pdf import pdf_of

LARGEST_BILL: Final = 10 * 1024 * 1024
MOST_PHOTOS: Final = 4

_TOO_LARGE: Final = "The file is larger than 10 MB. A photo of the first page is enough."
_UNREADABLE: Final = "We can’t read this file. Save it as a PDF, JPEG, or PNG and choose it again."
_TOO_MANY: Final = (
    "Choose up to four photos. The pages with the name, address, account number, and phone number are enough."
)
_NOT_ALL_PHOTOS: Final = "Choose one PDF, or one to four photos of the same bill."

# many phones write a JPEG with a second picture behind the first, which Pillow calls MPO
_PICTURES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}


@dataclass(frozen=True, slots=True)
class BillFile:
    """A bill that can be kept, under the name that the customer gave it. `media_type` is a PDF, JPEG or PNG."""

    name: str
    media_type: str
    content: bytes


def bill_file(sent: Sequence[tuple[str, bytes]]) -> BillFile:
    """The bill of the uploaded files, each with its name: one file as it is, several photos as the pages of a PDF.

    It opens files and is slow, so it precedes the transaction.

    Raises:
        Invalid: on the field `bill`: too large, too many, empty, of another type, or damaged.
    """
    types = [_media_type(content) for _, content in sent]
    (name, content), media_type = sent[0], types[0]
    if len(sent) == 1:
        return BillFile(name, media_type, from_header(content) if media_type == PDF else content)
    if PDF in types:
        raise Invalid({"bill": [_NOT_ALL_PHOTOS]})
    if len(sent) > MOST_PHOTOS:
        raise Invalid({"bill": [_TOO_MANY]})
    return BillFile(f"{PurePath(name).stem}.pdf", PDF, _joined([content for _, content in sent]))


def _joined(photos: Sequence[bytes]) -> bytes:
    try:
        return b64decode(read_apart(pdf_of, json.dumps([b64encode(photo).decode() for photo in photos]).encode()))
    except (TooMuch, NotRead):
        raise Invalid({"bill": [_UNREADABLE]}) from None


def _media_type(content: bytes) -> str:
    if len(content) > LARGEST_BILL:
        raise Invalid({"bill": [_TOO_LARGE]})
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            picture.verify()
            return _PICTURES[picture.format or ""]
    except UnidentifiedImageError:
        if is_pdf(content) and _opens(content):
            return PDF
    except (OSError, SyntaxError, Image.DecompressionBombError, KeyError):
        pass
    raise Invalid({"bill": [_UNREADABLE]})


def _opens(content: bytes) -> bool:
    try:
        return read_apart(has_pages, content)
    except (TooMuch, NotRead):
        return False
