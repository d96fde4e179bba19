"""What the desk's page of one transfer says: who did what with it, and what is awaited of its carrier."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from provisioning.contract.porting import PortStatus
from service.cutover.snapback_checklist import SnapbackStep
from service.desk.log import DeskAct, DeskEntry
from service.porting.models import PortNumber
from service.porting.states import State
from service.web.desk.worklist import WORDS
from service.web.shell.words import spelled
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
    DeskAct.CARRIER_CHANGED: "Moved it to {carrier}",
    DeskAct.CARRIER_NOT_CHANGED: "It stays where it is: {carrier} doesn’t take {numbers}",
    DeskAct.WROTE: "Wrote to the customer",
    DeskAct.WROTE_TO_CARRIER: "Wrote to the carrier about {order}",
    DeskAct.ASKED: "Asked the customer for {fields}",
    DeskAct.TOOK_QUESTION_BACK: "Took the question back",
}


_FIELDS: Final[Mapping[str, str]] = {**NAMES, "bill": "Latest bill"}


def act_of(entry: DeskEntry, people: Mapping[int, str]) -> str:
    """An entry of the desk's log in a sentence; `people` are names by user id."""
    details = {name: str(value) or "–" for name, value in entry.details.items()}
    if entry.act is DeskAct.ASSIGNED:
        details["to"] = people.get(entry.details["to"], "–")
    if "numbers" in entry.details:
        details["numbers"] = ", ".join(spelled(number) for number in entry.details["numbers"][:_NAMED])
    if "status" in entry.details:
        details["status"] = str(gettext(WORDS[PortStatus(entry.details["status"])]))
    if "fields" in entry.details:
        details["fields"] = ", ".join(gettext(_FIELDS[name]) for name in entry.details["fields"] if name in _FIELDS)
    return str(gettext(_ACTS[entry.act])).format_map(_Known(details))


class _Known(dict[str, str]):
    """Details by name; a missing one becomes a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


_NAMED: Final = 20
"""Numbers of an act are named so far."""

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
