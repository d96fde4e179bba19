"""Removing metadata (comments, times, Exif and XMP with places) from PNG and GIF; pixels and frames stay."""

from typing import Final

_PNG_HEAD: Final = 8
_PNG_FRAME: Final = 12
# https://www.w3.org/TR/png-3/#11Chunks: what a picture, animated or not, is drawn from
_PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split()
)
# https://www.w3.org/Graphics/GIF/spec-gif89a.txt
_GIF_HEAD: Final = 13
_GIF_END, _GIF_IMAGE, _GIF_EXTENSION = 0x3B, 0x2C, 0x21
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_GIF_PLACE: Final = 10
"""Bytes that say where and how large a frame is, before its own colors."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """A picture (`image/png` or `image/gif`, checked before) without its metadata."""
    return _bare_png(content) if media_type == "image/png" else _bare_gif(content)


def _bare_png(content: bytes) -> bytes:
    """Keep the chunks in `_PNG_KEPT`, and nothing after the last chunk."""
    kept, at, kind = [content[:_PNG_HEAD]], _PNG_HEAD, b""
    while kind != b"IEND" and at < len(content):
        kind = content[at + 4 : at + 8]
        after = at + _PNG_FRAME + int.from_bytes(content[at : at + 4])
        if kind in _PNG_KEPT:
            kept.append(content[at:after])
        at = after
    return b"".join(kept)


def _bare_gif(content: bytes) -> bytes:
    """Keep the blocks that are drawn, and nothing after the trailer."""
    at = _GIF_HEAD + _colors(content[10])
    kept = [content[:at]]
    while at < len(content) and content[at] != _GIF_END:
        after = _after_block(content, at)
        if _is_drawn(content, at):
            kept.append(content[at:after])
        at = after
    return b"".join(kept) + bytes([_GIF_END])


def _is_drawn(content: bytes, at: int) -> bool:
    """Whether a block is a frame, belongs to one, or says how often the animation repeats."""
    if content[at] != _GIF_EXTENSION or content[at + 1] == _GIF_CONTROL:
        return True
    return content[at + 1] == _GIF_APPLICATION and content[at + 3 : at + 14] in _GIF_LOOPS


def _after_block(content: bytes, at: int) -> int:
    if content[at] == _GIF_IMAGE:
        at += _GIF_PLACE + _colors(content[at + 9]) + 1
    else:
        at += 2
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


def _colors(flags: int) -> int:
    """Length in bytes of the color table that a byte of flags announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
