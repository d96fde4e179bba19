"""Transitions: ask the state table, write history, set the state, run what follows. States change only here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import IllegalTransition
from service.events.models import EventKind
from service.events.publishing import Event, publish
from service.porting.cases import list_again
from service.porting.due import come_to_states
from service.porting.models import Cause, PortHistory, PortNumber
from service.porting.states import STAY, Answer, Command, Effect, Fact, answer
from service.services import Services

Follower = Callable[[Session, Services, Sequence[PortHistory]], None]
"""What follows from transitions: it writes jobs, ledger entries and alerts in the same transaction, and makes no calls.
It is given the history of all numbers that changed together, so that a hundred numbers with one date share a notice,
and so that it acts on what happened and not on the state by then."""


class Transition(NamedTuple):
    """A command or a fact for a number, whose row must be locked; `details` are JSON."""

    number: PortNumber
    event: Command | Fact
    details: Mapping[str, Any] = {}


def transition(
    session: Session,
    services: Services,
    number: PortNumber,
    event: Command | Fact,
    cause: Cause,
    **details: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Apply a command or a fact to one number. Raises as `transition_together` does."""
    transition_together(session, services, [Transition(number, event, details)], cause)


def transition_together(session: Session, services: Services, transitions: Sequence[Transition], cause: Cause) -> None:
    """Apply commands or facts to several numbers at once; what follows is run when all have their new state.

    Raises:
        IllegalTransition: a number's state refuses a command; then none is changed. Facts are never refused.
    """
    answered = [(one, _answer(one)) for one in transitions]
    moving = [(one, found) for one, found in answered if found != STAY]
    followed: dict[Effect, list[PortHistory]] = {}
    history = _write_history(session, moving, cause)
    come_to_states(session, services.settings, [happened for happened, _ in history])
    for happened, found in history:
        for effect in found.effects:
            followed.setdefault(effect, []).append(happened)
    list_again(session, (happened.port_number.project_id for happened, _ in history))
    _publish(session, (happened for happened, _ in history if happened.after is not happened.before))
    for effect, rows in followed.items():
        services.followers[effect](session, services, rows)


def _publish(session: Session, moved: Iterable[PortHistory]) -> None:
    """Tell programs outside of numbers that came to another state."""
    events: dict[int, list[Event]] = {}
    for happened in moved:
        events.setdefault(happened.port_number.project.workspace_id, []).append(_event(happened))
    for workspace_id, theirs in events.items():
        publish(session, workspace_id, theirs)


def _event(happened: PortHistory) -> Event:
    number, public_id = happened.port_number, happened.port_number.project.public_id
    data = {"id": public_id, "number_id": number.id, "number": number.number, "state": happened.after}
    return Event(EventKind(f"transfer.{happened.after}"), f"transfer:{public_id}", happened.id, data)


def _answer(one: Transition) -> Answer:
    found = answer(one.number.state, one.event)
    if found is None:
        raise IllegalTransition("You can’t do that at this stage. Reload the page to see where the number is.")
    return found


def _write_history(
    session: Session, moving: Sequence[tuple[Transition, Answer]], cause: Cause
) -> list[tuple[PortHistory, Answer]]:
    last = _last_sequences(session, [one.number.id for one, _ in moving])
    written = [
        (
            PortHistory(
                port_number=one.number,
                sequence=last.get(one.number.id, 0) + 1,
                event=one.event.value,
                cause=cause,
                before=one.number.state,
                after=found.to or one.number.state,
                puzzling=found.puzzling,
                details=dict(one.details),
            ),
            found,
        )
        for one, found in moving
    ]
    session.add_all(happened for happened, _ in written)
    return written


def _last_sequences(session: Session, number_ids: Sequence[int]) -> dict[int, int]:
    rows = (
        select(PortHistory.port_number_id, func.max(PortHistory.sequence))
        .where(PortHistory.port_number_id.in_(number_ids))
        .group_by(PortHistory.port_number_id)
    )
    return dict(session.execute(rows).all())
