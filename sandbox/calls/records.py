"""The records of calls: who is in them, where they stay, and what was recorded."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(slots=True)
class Recording:
    """A recording of a call, or of a `conference` (its sid). Its audio is silence; `says` holds the words."""

    sid: str
    account_sid: str
    call_sid: str
    says: str
    source: str
    seconds: int
    created: datetime
    channels: int = 1
    conference: str = ""


PATIENCE: Final = 120
"""Seconds that a person waits in a queue or alone in a conference."""


@dataclass(slots=True)
class Caller:
    """What the person at the outside phone will do.

    They press keys (a blank between two menus), say words that are recorded, and wait `patience` seconds in one place.
    `answers` is how the phones answer that the call rings.
    """

    keys: str = ""
    says: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    patience: int = PATIENCE

    def press(self, most: int | None, finish: str) -> str:
        """Take the keys for one menu: at most `most` of them, up to the finishing key or a blank."""
        pressed = ""
        self.keys = self.keys.lstrip()
        while self.keys and self.keys[0] not in f"{finish} " and len(pressed) != most:
            pressed, self.keys = pressed + self.keys[0], self.keys[1:]
        if self.keys[:1] and self.keys[0] in finish and len(pressed) != most:
            self.keys = self.keys[1:]
        return pressed


class Place(StrEnum):
    """Where a call stays until something happens to it."""

    RINGING = "ringing"
    QUEUE = "queue"
    CONFERENCE = "conference"
    DIAL = "dial"


@dataclass(slots=True)
class Stay:
    """A call that rings, waits in a queue, is in a conference, or talks with a leg of its Dial, since a moment.

    `turn` tells it from the call's other stays. `verb` led there, and `rest` follows it in the document at `url`, both
    as XML. `recording` is the sid of what is recorded, once somebody asked for it, and `pauses` how often that was
    paused. `next_url` is what a waiting call hears next; None: silence, or music. It `talks` once its conference has
    begun.
    """

    turn: int
    place: Place
    name: str
    since: datetime
    verb: str = ""
    rest: str = ""
    url: str = ""
    next_url: str | None = None
    talks: bool = False
    recording: str = ""
    pauses: int = 0


@dataclass(slots=True)
class Conference:
    """A conference, with the status callback of its first participant. It has begun when somebody may talk."""

    sid: str
    account_sid: str
    name: str
    created: datetime
    callback: str = ""
    method: str = "POST"
    events: str = ""
    begun: bool = False
    over: bool = False
    sequence: int = 0


@dataclass(slots=True)
class Call:
    """A call, with a transcript line for everything that was heard or done in it.

    `queue_time` is in milliseconds. `sequence` counts its status callbacks.
    """

    sid: str
    account_sid: str
    from_: str
    to: str
    direction: str
    status: str
    created: datetime
    parent: str | None = None
    forwarded_from: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seconds: int = 0
    transcript: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    answered_by: str | None = None
    orders: dict[str, str] = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)
    stay: Stay | None = None
    queue_time: int = 0
    sequence: int = 0


@dataclass(slots=True)
class CallLimits:
    """What the account may do: order so many calls `per_second`, and hold so many `at_once`; 0 is as many as it likes.

    What it orders faster waits until `free_at`.
    """

    per_second: float = 0
    at_once: int = 0
    free_at: datetime | None = None


@dataclass(slots=True)
class CallerId:
    """An outside number that the account may show once it is `verified` by its code."""

    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    code: str
    created: datetime
    status_callback: str = ""
    verified: bool = False
