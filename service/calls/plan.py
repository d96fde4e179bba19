"""What a caller hears and which phones ring, step by step. Nothing is written here, and no carrier is asked.

    arrival ── ring the phones ──┬─ somebody answers, presses 1 ── they talk ── hang up
          └─ no phones, or ──────┴─ nobody does ── greeting ── take a message ── hang up
             a call sent in circles

The addresses of later steps carry a step's name and our own ids, never a number to dial.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, HangUp, Ring, Say, TakeMessage
from service.calls.queries import Answering, answering_at, answering_on
from service.calls.words import said
from service.inbox.contacts import is_dialable
from service.language import Language
from service.services import Services


class Step(StrEnum):
    """What the `step` in the address of a voice callback names; a call that has just arrived has none."""

    RUNG = "rung"
    SCREEN = "screen"
    KEY = "key"
    RECORDED = "recorded"


ACCEPT: Final = "1"
"""The key by which a person takes a call; a mobile's own voicemail presses nothing."""


def answer_call(
    reads: Connection, services: Services, carrier: str, event: Event, query: Mapping[str, str]
) -> list[CallStep]:
    """What happens next in a call: `event` is what the carrier tells, `query` what our own address carried."""
    urls = _Urls(services, carrier)
    match query.get("step"):
        case None:
            return _arrived(reads, urls, event)
        case Step.SCREEN:
            return _screen(_line(reads, query), urls)
        case Step.KEY:
            return [] if isinstance(event, KeyPressed) and event.key == ACCEPT else [HangUp()]
        case Step.RUNG:
            return _rung(_line(reads, query), urls, event)
        case _:
            return [HangUp()]


class _Urls:
    """Our addresses for the steps of a call."""

    def __init__(self, services: Services, carrier: str) -> None:
        self._voice = services.webhook(carrier, "voice")
        self.recording = services.webhook(carrier, "recording")
        self.transcript = services.webhook(carrier, "transcript")

    def step(self, step: Step, line: Answering) -> str:
        return f"{self._voice}?step={step}&line={line.line_id}"


def _arrived(reads: Connection, urls: _Urls, event: Event) -> list[CallStep]:
    line = answering_at(reads, event.called) if isinstance(event, CallArrived) else None
    if line is None or not isinstance(event, CallArrived):
        return _not_in_use()
    if not line.phones or event.forwarded_from in line.phones:
        # a phone of the line that forwards to the line would ring in circles
        return _take_message(line, urls)
    return [_ring(line, urls, event)]


def _ring(line: Answering, urls: _Urls, event: CallArrived) -> Ring:
    """The phones show who calls; a caller without a number is shown as the number that was dialled."""
    return Ring(
        numbers=line.phones,
        seconds=line.ring_seconds,
        then_url=urls.step(Step.RUNG, line),
        caller_id=event.caller if is_dialable(event.caller) else event.called,
        screen_url=urls.step(Step.SCREEN, line),
        in_turn=line.in_turn,
    )


def _rung(line: Answering | None, urls: _Urls, event: Event) -> list[CallStep]:
    if isinstance(event, RingEnded) and event.outcome is CallOutcome.ANSWERED:
        return [HangUp()]
    return _take_message(line, urls) if line else [HangUp()]


def _screen(line: Answering | None, urls: _Urls) -> list[CallStep]:
    if line is None:
        return [HangUp()]
    prompt = said("screen", line.language, business=line.business)
    return [AskForKey(prompt, urls.step(Step.KEY, line)), HangUp()]


def _take_message(line: Answering, urls: _Urls) -> list[CallStep]:
    standard = said("greeting", line.language, business=line.business)
    return [
        Say(line.greeting, standard.language) if line.greeting else standard,
        TakeMessage(urls.step(Step.RECORDED, line), urls.recording, urls.transcript),
        HangUp(),
    ]


def _not_in_use() -> list[CallStep]:
    return [said("not_in_use", Language.ENGLISH), HangUp()]


def _line(reads: Connection, query: Mapping[str, str]) -> Answering | None:
    line_id = query.get("line", "")
    return answering_on(reads, int(line_id)) if line_id.isdecimal() else None
