"""Sound in both directions: a tone from the other side, and whether something is heard from the page."""

import math
import struct
from collections.abc import Awaitable, Callable

from aiortc import MediaStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from av import AudioFrame
from av.frame import Frame

HERTZ = 440
LOUDNESS = 9000
HEARD = 1000
"""The peak (of 32,767) above which sound is taken for more than noise."""


class Tone(AudioStreamTrack):
    """What the page hears: a tone while the other side talks, else silence."""

    def __init__(self) -> None:
        super().__init__()
        self.sounds = False

    async def recv(self) -> Frame:
        """The next 20 ms."""
        frame = await super().recv()
        if self.sounds and isinstance(frame, AudioFrame):
            frame.planes[0].update(_wave(frame.pts or 0, frame.samples, frame.sample_rate))
        return frame


def _wave(begin: int, samples: int, rate: int) -> bytes:
    step = 2 * math.pi * HERTZ / rate
    return struct.pack(f"<{samples}h", *(int(LOUDNESS * math.sin((begin + i) * step)) for i in range(samples)))


async def listen(track: MediaStreamTrack, heard: Callable[[], Awaitable[bool]]) -> None:
    """Receive what the page sends until it ends. `heard` is called at a sound, until it says that somebody heard it."""
    silent = True
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        if silent and isinstance(frame, AudioFrame) and _peak(frame) > HEARD:
            silent = not await heard()


def _peak(frame: AudioFrame) -> int:
    """The loudest sample of the whole frame: a browser's test tone is as short as one, and comes each half second."""
    samples = memoryview(bytes(frame.planes[0])).cast("h")
    return max((abs(sample) for sample in samples), default=0)
