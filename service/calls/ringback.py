"""The tone that callers hear while phones ring, made here: one ring and the silence behind it, six seconds in all."""

import math
import struct
import wave
from functools import cache
from io import BytesIO
from typing import Final, NamedTuple

import phonenumbers

RATE: Final = 8000
SECONDS: Final = 6
LOUDNESS: Final = 6000


class Ringback(NamedTuple):
    """The frequencies (Hz) of a ring, and how long it lasts (seconds)."""

    frequencies: tuple[int, ...]
    lasts: int


# ITU-T E.180, supplement 2: North America 440 and 480 Hz for two seconds, Sweden and most of Europe 425 Hz for one
NORTH_AMERICAN: Final = Ringback((440, 480), 2)
EUROPEAN: Final = Ringback((425,), 1)
TONES: Final = {"ringback-america.wav": NORTH_AMERICAN, "ringback-europe.wav": EUROPEAN}
"""The tones by the names under which carriers fetch them."""


def name_for(country: str) -> str:
    """The name of the tone that people in a country (ISO 3166) know."""
    in_north_america = phonenumbers.country_code_for_region(country) == 1
    return "ringback-america.wav" if in_north_america else "ringback-europe.wav"


@cache
def sound(name: str) -> bytes:
    """The tone as a WAV file. Raises KeyError for a name that is none."""
    tone = TONES[name]
    samples = (_height(tone, at / RATE) for at in range(RATE * SECONDS))
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return written.getvalue()


def _height(tone: Ringback, second: float) -> int:
    if second >= tone.lasts:
        return 0
    waves = (math.sin(2 * math.pi * frequency * second) for frequency in tone.frequencies)
    return int(LOUDNESS * sum(waves) / len(tone.frequencies))
