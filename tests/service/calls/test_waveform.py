"""The wave of a recording."""

import wave
from io import BytesIO
from math import sin

import pytest

from service.calls.waveform import BARS, HIGHEST, wave_of

RATE = 8000


def a_recording(*loudness, channels=1):
    """A WAV with a second of a tone of each loudness, from 0 to 1."""
    samples = [int(32767 * part * sin(place / 3)) for part in loudness for place in range(RATE)]
    frames = b"".join(sample.to_bytes(2, "little", signed=True) * channels for sample in samples)
    kept = BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return kept.getvalue()


@pytest.mark.parametrize("channels", [1, 2])
def test_loud_parts_are_high_and_quiet_ones_low(channels):
    heights = wave_of(a_recording(0.5, 0, 0.25, channels=channels))
    assert len(heights) == BARS
    first, second, third = heights[5], heights[BARS // 2], heights[-5]
    assert max(heights) == HIGHEST
    assert second == 0
    assert first > HIGHEST - 5
    assert abs(third - HIGHEST / 2) < 5


def test_silence_is_flat():
    assert set(wave_of(a_recording(0))) == {0}


@pytest.mark.parametrize("content", [b"", b"no sound", a_recording(1)[:40]])
def test_what_is_no_sound_has_no_wave(content):
    assert wave_of(content) == b""
