"""What the gateway hears of a page's microphone."""

import asyncio
from fractions import Fraction

import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from sandbox.gateway.sound import listen

FRAMES, SAMPLES, RATE = 25, 960, 48000
"""Half a second, after which the test tone of Chromium's microphone comes again."""


class Beep(MediaStreamTrack):
    """A microphone that is silent but for five milliseconds."""

    kind = "audio"

    def __init__(self, loud_frame, loud_quarter):
        super().__init__()
        self._frames = [bytearray(SAMPLES * 2) for _ in range(FRAMES)]
        quarter = SAMPLES // 2
        begin = loud_quarter * quarter
        self._frames[loud_frame][begin : begin + quarter] = b"\x00\x40" * (quarter // 2)

    async def recv(self):
        if not self._frames:
            raise MediaStreamError
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(bytes(self._frames.pop(0)))
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        return frame


@pytest.mark.parametrize("frame", range(5))
@pytest.mark.parametrize("quarter", range(4))
def test_a_short_tone_is_heard_wherever_it_falls(frame, quarter):
    assert asyncio.run(_heard(frame, quarter)) == [True]


async def _heard(frame, quarter):
    heard = []

    async def note():
        heard.append(True)
        return True

    await listen(Beep(frame, quarter), note)
    return heard
