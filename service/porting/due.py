"""When a number came to its state, and by which day the porting desk wants it to leave it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.porting import NumberKind
from provisioning.time_zones import zone_of
from service.config import Settings
from service.porting.business_days import business_day_after
from service.porting.kinds import country_of
from service.porting.models import PortHistory, PortNumber
from service.porting.states import FINAL, State
from service.porting.targets import Targets, targets_for
from service.targets import Target
from service.time import now

WITH_OPERATORS: Final = frozenset({State.IN_REVIEW, State.WITH_LOSING_CARRIER})
"""States between filing and date, which have one target together."""

_DATED: Final = frozenset({State.SCHEDULED, State.ACTIVATING})

_TARGETS: Final[Mapping[State, Target]] = {
    State.DRAFT: Target.DRAFT,
    State.SUBMITTING: Target.FILING,
    State.AWAITING_SIGNATURE: Target.SIGNATURE,
    State.ACTION_REQUIRED: Target.CORRECTION,
    State.CANCEL_REQUESTED: Target.CANCEL,
    State.PORTED: Target.PROOF,
}


def come_to_states(session: Session, settings: Settings, history: Sequence[PortHistory]) -> None:
    """Give numbers the states of transitions, with the moment they came to it and the day by which to leave it."""
    targets = targets_for(session, settings, [happened.port_number.project.workspace_id for happened in history])
    for happened in history:
        _come_to_state(targets[happened.port_number.project.workspace_id], happened)


def due_day(targets: Targets, number: PortNumber) -> date | None:
    """The day, at the number, by which it is to leave its state: the committed one, or by the target.

    None in a final state.
    """
    if number.state in FINAL:
        return None
    if number.state in _DATED and number.committed_on:
        return number.committed_on
    begun = number.since.astimezone(zone_of(number.number)).date()
    return business_day_after(begun, targets[_target(number)], country_of(number.number))


def _come_to_state(targets: Targets, happened: PortHistory) -> None:
    number = happened.port_number
    number.state = happened.after
    if happened.after is not happened.before:
        number.since = now()
    if not {happened.before, happened.after} <= WITH_OPERATORS:
        number.due_on = due_day(targets, number)


def _target(number: PortNumber) -> Target:
    alone = len(number.project.numbers) == 1 and number.kind is not NumberKind.TOLL_FREE
    return _TARGETS.get(number.state, Target.SIMPLE if alone else Target.COMPLEX)
