"""Pictures: their type is known by their content, never by their name, and each is stored with a thumbnail.

Strangers send them, and a small file can fill the memory once it is opened. So `keep` and `keep_fitted` have them
opened in a process of its own (`service/bounded.py`), one for all pictures of a message; what else is here runs there.
"""

import io
import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from provisioning.contract.messaging import MediaLimits
from service.bounded import Busy, NotRead, TooMuch, read_apart
from service.errors import Invalid
from service.inbox.metadata import without_metadata
from service.media import Media

LARGEST_PICTURE: Final = 10 * 1024 * 1024
"""Most bytes of a picture that we show."""

MOST_PIXELS: Final = 50_000_000
"""A picture of few bytes can have so many pixels that opening it fills the memory; cameras stay below this."""

MOST_PIXELS_TOGETHER: Final = 150_000_000
"""So many have all pictures of one message: twelve photos of an ordinary telephone."""

NO_PICTURES: Final = "Pictures can’t go from this line to that number, only words."

_MOVES: Final = (
    "One of these moves, and would arrive as a still picture. Save it as a small GIF, or choose a still picture."
)
_TOO_MUCH: Final = "These take too long to read. Send fewer of them at once, or smaller ones."
_DAMAGED: Final = "We can’t read one of these pictures. Save it again and choose the copy."

THUMBNAIL_TYPE: Final = "image/webp"
_THUMBNAIL_SIDE: Final = 640
_SIDES: Final = (2048, 1280, 800, 480)
_AS_IT_IS: Final = frozenset({"image/png", "image/gif"})
_FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
# MPO is a JPEG with a second picture behind it, as many phones write it; programs that read JPEG show the first
_NAMES: Final = _FORMATS | {"MPO": "image/jpeg"}

_ORIENTATION: Final = 0x0112
# Exif 2.32, tag Orientation
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)
"""What Pillow's readers raise for files that break the rules of their format."""


class Unreadable(Exception):
    """These bytes are not a picture that can be opened."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """The names of a stored picture and its thumbnail in the media, its MIME type, and its size in bytes."""

    media_type: str
    media: str
    thumbnail: str
    size: int


@dataclass(frozen=True, slots=True)
class FittedPicture:
    """A picture that is ready to be sent, with its MIME type and its thumbnail (WebP)."""

    media_type: str
    content: bytes
    thumbnail: bytes


def keep(media: Media, content: bytes) -> KeptPicture | None:
    """Store a picture with its thumbnail. None, and nothing is stored, for one that we cannot show. Raises `Busy`."""
    try:
        shown = read_apart(shown_as, content)
    except Busy:
        raise
    except (NotRead, TooMuch):
        return None
    return _stored(media, content, shown) if shown else None


def keep_fitted(media: Media, contents: Sequence[bytes], limits: MediaLimits) -> list[KeptPicture]:
    """Make pictures ready to be sent in one message, as `fitted` does, and store them. Raises `Invalid`."""
    sizes = [len(content) for content in contents]
    task = json.dumps({"pictures": limits.pictures, "bytes": limits.total_bytes, "sizes": sizes}).encode()
    try:
        answer = read_apart(fitted_as, b"\n".join([task, b"".join(contents)]))
    except (NotRead, TooMuch):
        raise Invalid({"pictures": [_TOO_MUCH]}) from None
    if "refused" in answer:
        raise Invalid({"pictures": [answer["refused"]]})
    return [_stored(media, b64decode(content), shown) for content, *shown in answer["fitted"]]


def drop_kept(media: Media, pictures: Sequence[KeptPicture]) -> None:
    """Delete pictures that were stored for a text which was not written."""
    for picture in pictures:
        media.drop(picture.media)
        media.drop(picture.thumbnail)


def _stored(media: Media, content: bytes, shown: Sequence[str]) -> KeptPicture:
    kind, small = shown
    return KeptPicture(kind, media.put(content, kind), media.put(b64decode(small), THUMBNAIL_TYPE), len(content))


def shown_as(content: bytes) -> list[str]:
    """The MIME type of a picture and its thumbnail in base64; nothing for a file that we cannot show."""
    kind = media_type(content)
    small = thumbnail(content) if kind else b""
    return [kind, b64encode(small).decode()] if small else []


def fitted_as(task: bytes) -> dict[str, Any]:
    """What `keep_fitted` asks of the process that opens pictures: each in base64 and as it is shown, or why not."""
    head, _, packed = task.partition(b"\n")
    asked, stream = json.loads(head), io.BytesIO(packed)
    limits = MediaLimits(pictures=asked["pictures"], total_bytes=asked["bytes"])
    try:
        made = fitted([stream.read(size) for size in asked["sizes"]], limits)
    except Invalid as refusal:
        return {"refused": str(refusal.fields["pictures"][0])}
    written = [(b64encode(one.content).decode(), one.media_type, b64encode(one.thumbnail).decode()) for one in made]
    return {"fitted": written}


def fitted(contents: Sequence[bytes], limits: MediaLimits) -> list[FittedPicture]:
    """Make pictures ready to be sent in one message; each is decoded once.

    They become a format that phones show, without metadata such as the place, and together no larger than the carrier
    accepts.

    Raises:
        Invalid: there are too many, none may be sent, one is damaged or no picture, they have too many pixels together
            or cannot be made small enough, or one moves and would not do so as it arrives.
    """
    if contents and not limits.pictures:
        raise Invalid({"pictures": [NO_PICTURES]})
    if len(contents) > limits.pictures:
        raise Invalid({"pictures": ["These are too many pictures for one message. Choose fewer."]})
    kinds = [media_type(content) for content in contents]
    if not all(kinds):
        raise Invalid({"pictures": ["Choose pictures only: JPEG, PNG, GIF or WebP, up to 10 MB each."]})
    if sum(map(_pixels, contents)) > MOST_PIXELS_TOGETHER:
        raise Invalid({"pictures": [_TOO_MUCH]})
    share = limits.total_bytes // max(len(contents), 1)
    try:
        return [_fitted(content, kind, share) for content, kind in zip(contents, kinds, strict=True)]
    except Unreadable:
        raise Invalid({"pictures": [_DAMAGED]}) from None


def media_type(content: bytes) -> str:
    """The MIME type of a picture; "" for a file that we cannot show."""
    if len(content) > LARGEST_PICTURE:
        return ""
    try:
        with _opened(content) as image:
            if image.width * image.height > MOST_PIXELS:
                return ""
            image.verify()
            return _NAMES[image.format or ""]
    except Unreadable:
        return ""


def thumbnail(content: bytes) -> bytes:
    """A small still version of a picture (WebP), upright and without metadata; empty for a damaged file."""
    try:
        return _saved(_decoded(content, _THUMBNAIL_SIDE), _THUMBNAIL_SIDE, "WEBP")
    except Unreadable:
        return b""


def _fitted(content: bytes, kind: str, most: int) -> FittedPicture:
    whole = _decoded(content, _SIDES[0])
    small = _saved(whole, _THUMBNAIL_SIDE, "WEBP")
    if kind in _AS_IT_IS and len(bare := without_metadata(content, kind)) <= most:
        return FittedPicture(kind, bare, small)
    if _moves(content):
        raise Invalid({"pictures": [_MOVES]})
    for side in _SIDES:
        smaller = _saved(whole, side, "JPEG")
        if len(smaller) <= most:
            return FittedPicture("image/jpeg", smaller, small)
    raise Invalid({"pictures": ["These can’t be made small enough. Send fewer at once."]})


def _pixels(content: bytes) -> int:
    """How many pixels a picture says it has."""
    with _opened(content) as image:
        return image.width * image.height


def _moves(content: bytes) -> bool:
    """Whether a picture is animated. The second picture of an MPO is none of its movement."""
    with _opened(content) as image:
        return image.format != "MPO" and getattr(image, "n_frames", 1) > 1


def _decoded(content: bytes, side: int) -> Image.Image:
    """The first frame, upright, at most `side` pixels wide and high, without metadata. Raises `Unreadable`."""
    with _opened(content) as image:
        image.draft("RGB", (side, side))
        plain = _upright(_eight_bits(image), _orientation(image))
        plain = plain.convert("RGBA" if plain.has_transparency_data else "RGB")
        plain.thumbnail((side, side))
        plain.info.clear()  # saving writes comments and the like again
        return plain


def _saved(whole: Image.Image, side: int, kind: str) -> bytes:
    """A picture at most `side` pixels wide and high, as a file of a format."""
    made = io.BytesIO()
    smaller = whole.convert("RGB") if kind == "JPEG" else whole.copy()
    smaller.thumbnail((side, side))
    smaller.save(made, kind, quality=85)
    return made.getvalue()


def _orientation(image: Image.Image) -> object:
    """The Exif orientation, None if it cannot be read."""
    try:
        return image.getexif().get(_ORIENTATION)
    except _BROKEN:
        return None


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image.transpose(turn) if turn is not None else image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Convert 16-bit gray to 8 bits; Pillow's own conversion would turn it white."""
    return image.convert("I").point(lambda grey: grey / 256).convert("L") if image.mode.startswith("I;16") else image


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as image:
            yield image
    except _BROKEN as error:
        raise Unreadable(type(error).__name__) from error
