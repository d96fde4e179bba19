"""What would happen if somebody called: the answers that a carrier would get, followed by a caller who is not there."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, Decline, HangUp, Ring, TakeMessage
from service.callback_addresses import Addresses, read
from service.calls.queries import Answering
from service.calls.walk import answer

_NOWHERE: Final = Addresses("nowhere:")
_MOST_ANSWERS: Final = 30
"""A caller who presses keys for ever could go round for ever."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who calls: from a number (E.164; empty when it is hidden), pressing these keys, answered or not."""

    number: str
    keys: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed at the last question; empty when none was."""

    key: str


@dataclass(frozen=True, slots=True)
class Rang:
    """The phones have rung: somebody took the call, or nobody did."""

    taken: bool


Beat = CallStep | Pressed | Rang


def try_out(line: Answering, stranger: Stranger, called: str, at: datetime) -> Iterator[Beat]:
    """All that happens in a call to `called` at that moment (aware), in order."""
    caller = _Caller(stranger.number, called, stranger.keys, stranger.answered)
    event: Event = CallArrived("", stranger.number, called)
    address = ""
    for _ in range(_MOST_ANSWERS):
        carried = read(urlsplit(address).query)
        next_one = yield from caller.hear(answer(line, _NOWHERE, event, carried, at))
        if next_one is None:
            return
        event, address = next_one


@dataclass(slots=True)
class _Caller:
    number: str
    called: str
    keys: str
    answered: bool

    def hear(self, steps: list[CallStep]) -> Generator[Beat, None, tuple[Event, str] | None]:
        """Everything of one answer; returns what the carrier would tell next and where, or None at the end."""
        for step in steps:
            yield step
            match step:
                case Ring():
                    yield Rang(self.answered)
                    outcome = CallOutcome.ANSWERED if self.answered else CallOutcome.NO_ANSWER
                    return None if self.answered else (RingEnded("", self.number, self.called, outcome), step.then_url)
                case AskForKey():
                    key, self.keys = self.keys[:1], self.keys[1:]
                    yield Pressed(key)
                    if key:
                        return KeyPressed("", key, self.number, self.called), step.then_url
                case TakeMessage() | HangUp() | Decline():
                    return None
        return None
