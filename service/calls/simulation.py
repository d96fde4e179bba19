"""Simulates a call to a line: the steps that a carrier would get, with a simulated caller."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, Decline, HangUp, Ring, TakeMessage
from service.callback_addresses import Addresses, read
from service.calls.plan_walk import answer
from service.calls.queries import Answering

_NOWHERE: Final = Addresses("nowhere:")
_MOST_ANSWERS: Final = 30
"""Ends the simulation of a menu whose key leads back to it."""


@dataclass(frozen=True, slots=True)
class SimulatedCaller:
    """A caller from a number (E.164; empty if hidden) who presses these keys; `answered` is whether a phone answers."""

    number: str
    keys: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed at the last question; "" if none was."""

    key: str


@dataclass(frozen=True, slots=True)
class Rang:
    """The phones have rung, and one of them took the call or none did."""

    taken: bool


SimulatedStep = CallStep | Pressed | Rang


def simulate_call(line: Answering, caller: SimulatedCaller, called: str, at: datetime) -> Iterator[SimulatedStep]:
    """All steps of a call to `called` (E.164) at this moment (aware), in order."""
    phone = _Phone(caller.number, called, caller.keys, caller.answered)
    event: Event = CallArrived("", caller.number, called)
    address = ""
    for _ in range(_MOST_ANSWERS):
        carried = read(urlsplit(address).query)
        next_one = yield from phone.hear(answer(line, _NOWHERE, event, carried, at))
        if next_one is None:
            return
        event, address = next_one


@dataclass(slots=True)
class _Phone:
    number: str
    called: str
    keys: str
    answered: bool

    def hear(self, steps: list[CallStep]) -> Generator[SimulatedStep, None, tuple[Event, str] | None]:
        """Yield the steps of one answer; return the next event and the address it is sent to, or None at the end."""
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
