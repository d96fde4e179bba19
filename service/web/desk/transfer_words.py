"""What the desk's page of one transfer says: who did what with it, and what is awaited of its carrier."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext

from provisioning.contract.porting import PortStatus
from service.cutover.snapback_checklist import SnapbackStep
from service.desk.log import DeskAct, DeskEntry
from service.porting.models import PortNumber
from service.porting.states import State
from service.web.desk.worklist import WORDS
from service.web.shell.words import carrier_title, spelled, translated
from service.web.team.differences import NAMES

_ACTS: Final[Mapping[DeskAct, str]] = {
    DeskAct.ASSIGNED: "Assigned it to {to}",
    DeskAct.PLANNED: "Next step: {step} {on}",
    DeskAct.FILED: "Sent the transfer request",
    DeskAct.CORRECTED: "Corrected {fields} and sent it again",
    DeskAct.SENT_AGAIN: "Sent it again unchanged",
    DeskAct.RESCHEDULED: "Asked for another date: {wished}",
    DeskAct.CANCELED: "Asked to cancel it",
    DeskAct.SPLIT: "Filed {numbers} separately",
    DeskAct.MARKED: "Marked {numbers}: {status}",
    DeskAct.CARRIER_ASKED: "Asked {carrier} if it takes the numbers",
    DeskAct.CARRIER_CHANGED: "Moved {numbers} to {carrier}",
    DeskAct.CARRIER_NOT_CHANGED: "It stays where it is. {why}",
    DeskAct.WROTE: "Wrote to the customer",
    DeskAct.WROTE_TO_CARRIER: "Wrote to the carrier about {order}",
    DeskAct.ASKED: "Asked the customer for {fields}",
    DeskAct.TOOK_QUESTION_BACK: "Took the question back",
}


_FIELDS: Final[Mapping[str, str]] = {**NAMES, "bill": "Latest bill"}


def act_of(entry: DeskEntry, people: Mapping[int, str]) -> str:
    """An entry of the desk's log in a sentence; `people` are names by user id."""
    words: dict[str, Callable[[Any], str]] = {**_WORDED, "to": lambda to: people.get(to, "")}
    details = _Known({name: words.get(name, str)(value) or "–" for name, value in entry.details.items()})
    if entry.act is DeskAct.CARRIER_NOT_CHANGED:
        details.setdefault("why", gettext("{carrier} doesn’t take {numbers}.").format_map(details))
    return str(gettext(_ACTS[entry.act])).format_map(details)


def faults(sentences: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong, by field, as sentences that name the question of the form they are about."""
    return [f"{_label(name)}{translated(told[0])}" for name, told in sentences.items()]


def _label(name: str) -> str:
    return f"{gettext(NAMES[name])}: " if name in NAMES else ""


class _Known(dict[str, str]):
    """Details by name; a missing one becomes a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


_NAMED: Final = 20
"""Numbers of an act are named so far."""

_WORDED: Final[Mapping[str, Callable[[Any], str]]] = {
    "carrier": carrier_title,
    "numbers": lambda numbers: ", ".join(spelled(number) for number in numbers[:_NAMED]),
    "status": lambda status: str(gettext(WORDS[PortStatus(status)])),
    "fields": lambda names: ", ".join(gettext(_FIELDS[name]) for name in names if name in _FIELDS),
    "why": lambda sentences: " ".join(faults(sentences)),
}
"""How details of acts are worded; others stand for themselves."""

STEPS: Final[Mapping[SnapbackStep, str]] = {
    SnapbackStep.ASKED_FOR: "The customer asked to return it",
    SnapbackStep.TEMPORARY_SERVES: "The temporary number serves",
    SnapbackStep.OLD_PROVIDER_READY: "The old provider can take it back",
    SnapbackStep.REQUEST_SENT: "The request is with our carrier",
    SnapbackStep.CARRIER_CONFIRMED: "Our carrier confirmed the return",
    SnapbackStep.GONE_FROM_US: "Our carrier no longer lists it",
}
"""The steps of a return."""


_AWAITED: Final[Mapping[State, str]] = {
    State.CANCEL_REQUESTED: "Cancellation requested. Waiting for the carrier’s answer.",
    State.SUBMITTING: "Sent to the carrier. Waiting for its answer.",
}


def awaited(numbers: list[PortNumber]) -> list[tuple[str, PortNumber]]:
    """What the carrier was asked and has not answered, each with the number that waits longest."""
    waiting: dict[State, PortNumber] = {}
    for number in sorted(numbers, key=lambda one: one.since):
        if number.state in _AWAITED:
            waiting.setdefault(number.state, number)
    return [(str(gettext(_AWAITED[state])), number) for state, number in waiting.items()]
