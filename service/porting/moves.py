"""The one way a number moves: ask the table, write history, set the state, and let the effects follow."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import IllegalTransition
from service.porting.models import Cause, PortHistory, PortNumber
from service.porting.states import LABELS, STAY, Answer, Command, Effect, Fact, answer
from service.services import Services

Follower = Callable[[Session, Services, PortNumber, PortHistory], None]
"""What follows from a move: writes promises (jobs, effects owed, alerts) in the same transaction, calls nobody.
It is given the history row, so that it acts on what happened and not on what is so by then."""

FOLLOWERS: dict[Effect, Follower] = {}


def follows(effect: Effect) -> Callable[[Follower], Follower]:
    """This function is what an effect of the table does. One function each; a house rule wants them all."""

    def register(follower: Follower) -> Follower:
        if effect in FOLLOWERS:
            raise ValueError(f"{effect} has a follower already")
        FOLLOWERS[effect] = follower
        return follower

    return register


def move(
    session: Session,
    services: Services,
    number: PortNumber,
    event: Command | Fact,
    cause: Cause,
    **details: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Let a command or a fact happen to a number, whose row the caller holds locked.

    Raises:
        IllegalTransition: a command that the number's state cannot take; facts are never refused.
    """
    found = answer(number.state, event)
    if found is None:
        raise IllegalTransition(f"This cannot be done while the number is: {LABELS[number.state]}.")
    if found == STAY:
        return
    happened = _write_history(session, number, event, cause, found, details)
    number.state = happened.after
    session.flush()
    for effect in found.effects:
        FOLLOWERS[effect](session, services, number, happened)


def _write_history(
    session: Session,
    number: PortNumber,
    event: Command | Fact,
    cause: Cause,
    found: Answer,
    details: dict[str, Any],
) -> PortHistory:
    last = session.scalar(select(func.max(PortHistory.sequence)).where(PortHistory.port_number_id == number.id))
    happened = PortHistory(
        port_number=number,
        sequence=(last or 0) + 1,
        event=event.value,
        cause=cause,
        before=number.state,
        after=found.to or number.state,
        puzzling=found.puzzling,
        details=details,
    )
    session.add(happened)
    return happened
