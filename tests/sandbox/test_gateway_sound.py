"""What the gateway hears of a page's microphone."""

from fractions import Fraction

import pytest
import requests
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame
from requests.adapters import BaseAdapter

from sandbox.gateway.carrier import Carrier
from sandbox.gateway.sound import listen
from tests.conftest import SANDBOX
from tests.event_loop import run

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
    assert run(_heard(frame, quarter)) == [True]


async def _heard(frame, quarter):
    heard = []

    async def note():
        heard.append(True)
        return True

    await listen(Beep(frame, quarter), note)
    return heard


class StartsAnew(BaseAdapter):
    """The way to a sandbox that is away for the first request."""

    def __init__(self):
        super().__init__()
        self.requests = 0

    def send(self, *_, **__):
        self.requests += 1
        if self.requests == 1:
            raise requests.ConnectionError
        answer = requests.Response()
        answer.status_code = 204
        return answer

    def close(self):
        """Nothing is kept open."""


def test_a_sound_is_told_again_after_the_sandbox_was_away():
    away, session = StartsAnew(), requests.Session()
    session.mount(SANDBOX, away)
    carrier = Carrier(session, SANDBOX)
    run(_listened(carrier))
    assert away.requests == 2


async def _listened(carrier):
    microphone = Beep(0, 0)
    microphone._frames += Beep(0, 0)._frames * 2  # three tones: the third one is not told any more
    await listen(microphone, lambda: carrier.act("hear", "CA1"))
