"""The state of an order and of a project: computed from their numbers, never stored."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from service.porting.states import FINAL, State


class ProjectState(StrEnum):
    """The state of a whole project, computed from its numbers."""

    DRAFT = "draft"
    UNDERWAY = "underway"
    ACTION_REQUIRED = "action_required"
    DONE = "done"
    PARTLY_DONE = "partly_done"
    ENDED = "ended"


# least advanced first: an order has the state of its least advanced number
_WEAKEST: Final = (
    State.ACTION_REQUIRED,
    State.DRAFT,
    State.SUBMITTING,
    State.AWAITING_SIGNATURE,
    State.IN_REVIEW,
    State.WITH_LOSING_CARRIER,
    State.CANCEL_REQUESTED,
    State.SCHEDULED,
    State.ACTIVATING,
    State.PORTED,
    State.LIVE,
    State.RETURNED,
    State.NOT_PORTABLE,
    State.EXPIRED,
    State.CANCELED,
)


def order_state(numbers: Iterable[State]) -> State:
    """The state of an order: that of its least advanced number. An order without numbers is a draft."""
    return min(numbers, key=_WEAKEST.index, default=State.DRAFT)


def project_state(numbers: Iterable[State]) -> ProjectState:
    """The state of a project: done when all are live, partly done when some are live and the rest have ended."""
    states = set(numbers)
    if State.ACTION_REQUIRED in states:
        return ProjectState.ACTION_REQUIRED
    if states <= {State.DRAFT}:
        return ProjectState.DRAFT
    if not states <= FINAL:
        return ProjectState.UNDERWAY
    if State.LIVE not in states:
        return ProjectState.ENDED
    return ProjectState.DONE if states == {State.LIVE} else ProjectState.PARTLY_DONE
