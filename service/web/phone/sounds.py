"""What the window sounds like: the tones of the keys and the end of a call, made here. The ring is that of callers."""

import math
import struct
import wave
from functools import cache
from io import BytesIO
from typing import Final

RATE: Final = 8000
LOUDNESS: Final = 5000
SECONDS: Final = 0.15

_ROWS: Final = (697, 770, 852, 941)
_COLUMNS: Final = (1209, 1336, 1477)
_KEYS: Final = ("123", "456", "789", "s0h")

TONES: Final = {
    # ITU-T Q.23; s is the star and h the hash, as the SDK names them
    **{f"dtmf{_KEYS[row][column]}": (_ROWS[row], _COLUMNS[column]) for row in range(4) for column in range(3)},
    "disconnect": (480, 620),
    "outgoing": (440, 480),
}
"""The frequencies (Hz) of each sound, by the name that the SDK gives it."""


@cache
def sound(name: str) -> bytes:
    """A sound as a WAV file. Raises KeyError for an unknown name."""
    frequencies = TONES[name]
    samples = [
        int(LOUDNESS * sum(math.sin(2 * math.pi * hertz * at / RATE) for hertz in frequencies))
        for at in range(int(RATE * SECONDS))
    ]
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()
