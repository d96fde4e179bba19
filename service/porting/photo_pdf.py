"""Several photos of one bill as the pages of a PDF: old operators and carriers take one file.

What opens a file runs apart (`service/bounded.py`), so this module imports little of ours.
"""

import json
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Final

from service.porting.photos import upright

_SIDE: Final = 2400
"""Pixels of the longer side of a page: small print stays legible."""


def pdf_of(photos: bytes) -> str:
    """A PDF in base64 with a page for each of the photos (JPEG or PNG), which come as a JSON list in base64.

    Raises:
        MemoryError: one has too many pixels.
        OSError: one is damaged.
    """
    first, *others = [upright(b64decode(photo), _SIDE) for photo in json.loads(photos)]
    made = BytesIO()
    first.save(made, "PDF", save_all=True, append_images=others, resolution=200, quality=85)
    return b64encode(made.getvalue()).decode()
