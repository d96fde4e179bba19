"""The text of photographed and scanned bills, and where on the picture each piece of it stands.

What opens a file runs apart (`service/bounded.py`), so this module imports little of ours. The libraries are an extra
(`portline[photos]`); the model that reads is inside its package, and nothing is fetched.
"""

import os
from base64 import b64encode
from collections.abc import Iterator, Sequence
from io import BytesIO
from statistics import mean
from typing import Any, Final

from PIL import Image, ImageOps

from service.porting.text_rows import Box, Piece, Row, rows_of

Engine = Any
"""RapidOCR, whose types are there only where the extra is installed."""

PAGES: Final = 4
"""Only the first pages are read: name, address, account and date stand there."""

MOST_PIXELS: Final = 50_000_000
"""A photo with more is not opened; telephones stay below."""

_SIDE: Final = 2000
"""Pixels of the longer side of what is read. More makes it slower and no better."""

_SHOWN_SIDE: Final = 1600
_SURE: Final = 0.93
"""A mean score (0 to 1) below this is what upside-down text gets."""


def pages_of(content: bytes) -> list[dict[str, Any]]:
    """The first pages of a photo (JPEG or PNG) or a PDF, upright.

    Of each its `picture` (JPEG in base64), with its `width` and `height` in pixels, and its `rows`.

    Raises:
        MemoryError: reading takes more than there is.
        Exception: whatever the libraries raise for a damaged file.
    """
    engine = _engine()
    return [_page(engine, picture) for picture in _pictures(content)]


def upright(content: bytes, side: int) -> Image.Image:
    """A photo (JPEG or PNG) at most `side` pixels wide and high, turned as its camera says.

    Raises:
        MemoryError: it has more than `MOST_PIXELS`.
        OSError: it is damaged.
    """
    with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as photo:
        if photo.width * photo.height > MOST_PIXELS:
            raise MemoryError
        photo.draft("RGB", (side, side))
        plain = ImageOps.exif_transpose(photo).convert("RGB")
    plain.thumbnail((side, side))
    return plain


def _page(engine: Engine, picture: Image.Image) -> dict[str, Any]:
    turned, rows = _read(engine, picture)
    shown = BytesIO()
    turned.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE))
    turned.save(shown, "JPEG", quality=80)
    width, height = turned.size
    return {"picture": b64encode(shown.getvalue()).decode(), "width": width, "height": height, "rows": rows}


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content.startswith(b"%PDF-"):
        yield from _rendered(content)
    else:
        yield upright(content, _SIDE)


def _rendered(content: bytes) -> Iterator[Image.Image]:
    from pypdfium2 import PdfDocument

    document = PdfDocument(content)
    for number in range(min(PAGES, len(document))):
        page = document[number]
        # a page may be said to be a kilometre wide
        yield page.render(scale=_SIDE / max(page.get_width(), page.get_height(), 1)).to_pil().convert("RGB")


def _engine() -> Engine:
    # a pool of threads for each core would take the memory that reading needs
    os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    from rapidocr import RapidOCR

    threads = dict.fromkeys(("intra_op_num_threads", "inter_op_num_threads"), 1)
    chosen = {f"EngineConfig.onnxruntime.{name}": count for name, count in threads.items()}
    return RapidOCR(params={**chosen, "Global.log_level": "critical"})


def _read(engine: Engine, photo: Image.Image) -> tuple[Image.Image, list[Row]]:
    """The photo as it stands upright, and what is read on it."""
    standing = photo.transpose(Image.Transpose.ROTATE_90) if _lies_on_its_side(engine, photo) else photo
    pieces, score = _pieces(engine, standing)
    if pieces and score < _SURE:
        turned = standing.transpose(Image.Transpose.ROTATE_180)
        others, other_score = _pieces(engine, turned)
        if other_score > score:
            standing, pieces = turned, others
    return standing, rows_of(pieces)


def _lies_on_its_side(engine: Engine, photo: Image.Image) -> bool:
    """Whether most lines stand upright, which a copy of half the size tells quickly."""
    found = engine(photo.reduce(2), use_det=True, use_cls=False, use_rec=False)
    edges = [_edges(corners) for corners in _or_none(found.boxes)]
    return sum(bottom - top > right - left for left, top, right, bottom in edges) * 2 > len(edges)


def _pieces(engine: Engine, photo: Image.Image) -> tuple[list[Piece], float]:
    """What is read, and how sure the reader is of it (0 to 1)."""
    # what is not given to it stays as it was at the call before
    found = engine(photo, use_det=True, use_cls=False, use_rec=True)
    texts, corners = _or_none(found.txts), _or_none(found.boxes)
    pieces = [_piece(text, each, photo.size) for text, each in zip(texts, corners, strict=True)]
    return pieces, mean([*map(float, _or_none(found.scores))] or [0.0])


def _piece(text: str, corners: Sequence[Sequence[float]], size: tuple[int, int]) -> Piece:
    """A piece of text between its corners, clockwise from the one at the top left."""
    (one, two, three, four), (width, height) = corners, size
    left, top, right, bottom = _edges(corners)
    box = Box(*(round(share, 4) for share in (left / width, top / height, right / width, bottom / height)))
    return Piece(text, _middle(one, four), _middle(two, three), float(four[1] - one[1]), box)


def _middle(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    return float(one[0] + other[0]) / 2, float(one[1] + other[1]) / 2


def _edges(corners: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of what is between corners."""
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _or_none(found: Any) -> Sequence[Any]:  # noqa: ANN401 -- an array of the library's, or None
    """What the library found, of which it says None where there is nothing."""
    return [] if found is None else found
