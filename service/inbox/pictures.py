"""Pictures: known by their content and never by their name, kept with a small version of themselves."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from service.media import Media

LARGEST_PICTURE: Final = 10 * 1024 * 1024
"""Bytes of a picture that we show; a larger one is none."""

MOST_PIXELS: Final = 50_000_000
"""A picture may be small in bytes and fill a machine's memory when it is opened; cameras stay below this."""

THUMBNAIL_TYPE: Final = "image/webp"
_THUMBNAIL_SIDE: Final = 640
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
