"""Sample content for attachments and recordings: valid files of their type."""

import io
import wave
from functools import cache

from PIL import Image

_RATE = 8000
_SIZE = (160, 120)


@cache
def content_of(content_type: str) -> bytes:
    """A small picture for an image type, else a line of text."""
    kind = content_type.removeprefix("image/").upper()
    if kind not in {"JPEG", "PNG", "GIF"}:
        return b"An attachment from the sandbox.\n"
    file = io.BytesIO()
    Image.new("RGB", _SIZE, "steelblue").save(file, kind)
    return file.getvalue()


def silence(seconds: int) -> bytes:
    """A WAV file with so many seconds of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(2 * _RATE * seconds))
    return file.getvalue()
