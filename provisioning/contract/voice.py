"""Steps of a call in neutral terms, which a carrier's folder renders in its own format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

MOST_AT_ONCE: Final = 10
"""The largest number of phones in one `Ring`: carriers ring no more at once."""

LONGEST_MESSAGE: Final = 180
"""Seconds of a voicemail."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text; `language` is a BCP 47 tag such as en-US or sv-SE."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Play:
    """Play a recording, which the carrier fetches from our `url` (MP3 or WAV)."""

    url: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring these phones (at most `MOST_AT_ONCE`) together, then go to `then_url` with the outcome.

    A phone is a number (E.164), one with its extension behind it (`+14155552671;ext=12`, RFC 3966), whose digits are
    keyed after pick-up, or a `browser_phone`.

    The first pick-up ends the ringing of all phones, even if it is a mobile's voicemail. `screen_url` is then played to
    the phone that was picked up, before the call is put through; without a key the outcome is `NOT_TAKEN`. With a
    `recording_url` the conversation is recorded, and the recording goes there.
    """

    numbers: tuple[str, ...]
    seconds: int
    then_url: str
    caller_id: str
    screen_url: str = ""
    recording_url: str = ""


@dataclass(frozen=True, slots=True)
class AskForKey:
    """Say a text and wait for one key, which goes to `then_url`; without a key the next step follows."""

    prompt: Say | Play
    then_url: str
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Record a voicemail of at most `longest` seconds; the recording and its transcript go to their URLs.

    `language` (BCP 47) is what callers are likely to speak. A carrier may be able to write down some languages only,
    and only messages of some lengths: the transcript may never come, or come without words. None is made without a
    `transcript_url`.
    """

    then_url: str
    recording_url: str
    transcript_url: str
    language: str
    longest: int = LONGEST_MESSAGE


@dataclass(frozen=True, slots=True)
class Wait:
    """Have the caller wait in a queue. What `wait_url` answers is played, and asked for again whenever it has ended.

    Allowed there are `Say`, `Play`, `AskForKey`, `StopWaiting` and `HangUp`. After the wait `then_url` is asked, and
    once more where a request (`Calling.take_elsewhere`) ended it.
    """

    queue: str
    wait_url: str
    then_url: str


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Lead the caller out of the queue, to the `then_url` of `Wait`."""


@dataclass(frozen=True, slots=True)
class Join:
    """Talk with the others in this room, in silence until one of them is there. When this one leaves, the room `ends`.

    Then `then_url` is asked, or the next step follows. With a `recording_url` the talk is recorded from its beginning.
    """

    room: str
    then_url: str = ""
    recording_url: str = ""
    ends: bool = True


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Decline:
    """Turn the call away as busy, before it is answered."""


CallStep = Say | Play | Ring | AskForKey | TakeMessage | Wait | StopWaiting | Join | HangUp | Decline


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The answer to the carrier, in its own format."""

    media_type: str
    body: str


class Voice(Protocol):
    """Renders answers to calls. It makes no requests, since a phone is ringing."""

    @property
    def reports_not_taken(self) -> bool:
        """Whether a phone that was picked up without a key ends its `Ring` as `NOT_TAKEN`; else it counts as answered.

        Where that is not told, each phone that is to press a key is called by itself.
        """
        ...

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """Render these steps in order as the carrier's document."""
        ...
