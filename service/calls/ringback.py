"""What callers hear while they wait, made here, so that no one else holds rights to it.

While phones ring: one ring and the silence behind it, six seconds in all. While they are held: a few slow chords.
"""

import math
import struct
import wave
from collections.abc import Callable, Sequence
from functools import cache, partial
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


MUSIC: Final = "hold-music.wav"
"""The name under which carriers fetch the music."""

CHORDS: Final = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7), (164.8, 196.0, 246.9))
"""The frequencies (Hz) of A minor, F, G and E minor, each for `CHORD_SECONDS`."""

CHORD_SECONDS: Final = 4


def name_for(country: str) -> str:
    """The name of the tone that people in a country (ISO 3166) know."""
    in_north_america = phonenumbers.country_code_for_region(country) == 1
    return "ringback-america.wav" if in_north_america else "ringback-europe.wav"


def is_ours(name: str) -> bool:
    """Whether carriers fetch a sound of ours under this name."""
    return name in TONES or name == MUSIC


@cache
def sound(name: str) -> bytes:
    """The tone or the music as a WAV file. Raises KeyError for an unknown name."""
    if name == MUSIC:
        return _written(_of_music, CHORD_SECONDS * len(CHORDS))
    return _written(partial(_of_tone, TONES[name]), SECONDS)


def _written(height: Callable[[float], float], seconds: int) -> bytes:
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        samples = (int(LOUDNESS * height(at / RATE)) for at in range(RATE * seconds))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return written.getvalue()


def _of_tone(tone: Ringback, second: float) -> float:
    """The height of the wave at a second of a ring, from -1 to 1."""
    return _together(tone.frequencies, second) if second < tone.lasts else 0


def _of_music(second: float) -> float:
    """The same of the music, in which each chord rises and falls."""
    chord, into = divmod(second, CHORD_SECONDS)
    return _together(CHORDS[int(chord)], second) * math.sin(math.pi * into / CHORD_SECONDS) ** 2


def _together(frequencies: Sequence[float], second: float) -> float:
    return sum(math.sin(2 * math.pi * frequency * second) for frequency in frequencies) / len(frequencies)
