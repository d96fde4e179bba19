"""The wave of a recording, as players draw it: how loud each of its parts is."""

from collections.abc import Sequence
from typing import Final

from service.bounded import NotRead, TooMuch, read_apart

BARS: Final = 60
HIGHEST: Final = 255

_RATE: Final = 8000
"""Samples a second: what telephones transmit."""


def wave_of(content: bytes) -> bytes:
    """The heights of the bars of a recording (WAV, MP3, FLAC or Vorbis), `BARS` or fewer; none if it cannot be read."""
    try:
        return bytes(read_apart(peaks, content))
    except (NotRead, TooMuch):
        return b""


def peaks(content: bytes) -> list[int]:
    """The same, read by a library that trusts what it is given: to be called in a process of its own.

    Heights are relative to the loudest part.
    """
    samples = _samples(content)
    length = -(-len(samples) // BARS)
    loudness = [max(map(abs, part)) for part in _parts(samples, length)]
    loudest = max(loudness, default=0) or 1
    return [part * HIGHEST // loudest for part in loudness]


def _parts(samples: Sequence[int], length: int) -> list[Sequence[int]]:
    return [samples[start : start + length] for start in range(0, len(samples), length or 1)]


def _samples(content: bytes) -> Sequence[int]:
    """Both channels as one, 16 bits each. The library is imported only here, as the service itself does not need it."""
    import miniaudio

    decoded = miniaudio.decode(content, miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=_RATE)
    samples: Sequence[int] = decoded.samples
    return samples
