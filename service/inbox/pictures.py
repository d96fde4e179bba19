"""Pictures: known by their content and never by their name, kept with a small version of themselves."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from provisioning.contract.messaging import MediaLimits
from service.errors import Invalid
from service.media import Media

LARGEST_PICTURE: Final = 10 * 1024 * 1024
"""Bytes of a picture that we show; a larger one is none."""

MOST_PIXELS: Final = 50_000_000
"""A picture may be small in bytes and fill a machine's memory when it is opened; cameras stay below this."""

NO_PICTURES: Final = "Pictures cannot go from this line to that number, only words."

THUMBNAIL_TYPE: Final = "image/webp"
_THUMBNAIL_SIDE: Final = 640
_SIDES: Final = (2048, 1280, 800, 480)
_AS_IT_IS: Final = frozenset({"image/png", "image/gif"})
_FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """Where a picture and its thumbnail are kept, by their names in the media."""

    media_type: str
    media: str
    thumbnail: str


def keep(media: Media, content: bytes) -> KeptPicture | None:
    """Put a picture away; None, and nothing kept, when it is not one that we show."""
    kind = media_type(content)
    small = thumbnail(content) if kind else b""
    if not small:
        return None
    return KeptPicture(kind, media.put(content, kind), media.put(small, THUMBNAIL_TYPE))


def fitted(contents: Sequence[bytes], limits: MediaLimits) -> list[bytes]:
    """Pictures as they may go out in one message.

    Of a kind that phones show, without what a camera wrote into them (where it was, among others), and together no
    larger than the carrier takes.

    Raises:
        Invalid: there are too many of them, or none may be; one is none, or they cannot be made small enough.
    """
    if contents and not limits.pictures:
        raise Invalid({"pictures": [NO_PICTURES]})
    if len(contents) > limits.pictures:
        raise Invalid({"pictures": ["These are too many pictures for one message. Choose fewer."]})
    if not all(media_type(content) for content in contents):
        raise Invalid({"pictures": ["Choose pictures only: JPEG, PNG, GIF or WebP, up to 10 MB each."]})
    share = limits.total_bytes // max(len(contents), 1)
    return [_fitted(content, share) for content in contents]


def media_type(content: bytes) -> str:
    """What sort of picture this is; "" when it is none that we show."""
    if len(content) > LARGEST_PICTURE:
        return ""
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                return ""
            image.verify()
            return _FORMATS[image.format or ""]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""


def thumbnail(content: bytes) -> bytes:
    """A small still picture of it, the right way up and without what the camera wrote into it; empty if broken."""
    small = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as image:
            image.draft("RGB", (_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
            upright.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
            upright.save(small, "WEBP")
    except (OSError, SyntaxError, ValueError):
        return b""
    return small.getvalue()


def _fitted(content: bytes, most: int) -> bytes:
    if media_type(content) in _AS_IT_IS and len(content) <= most:
        return content
    for side in _SIDES:
        smaller = _photograph(content, side)
        if 0 < len(smaller) <= most:
            return smaller
    raise Invalid({"pictures": ["These cannot be made small enough. Send fewer of them at once."]})


def _photograph(content: bytes, side: int) -> bytes:
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((side, side))
            upright.save(made, "JPEG", quality=85)
    except (OSError, SyntaxError, ValueError):
        return b""
    return made.getvalue()
