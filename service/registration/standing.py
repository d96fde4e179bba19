"""Where a workspace stands with registering its texts, for pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Mender, Objection, Stage
from service.registration.models import Business, Registration, Subject


class State(StrEnum):
    """Where a business stands: CHECKING who it is, AWAITS_OWNER an answer to a text, WITH_CARRIER what it texts."""

    NOT_BEGUN = "not_begun"
    CHECKING = "checking"
    AWAITS_OWNER = "awaits_owner"
    WITH_CARRIER = "with_carrier"
    REFUSED = "refused"
    REGISTERED = "registered"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a business stands `since` a moment (None before it began).

    `waits_for` is the registration that this comes from: the one to try again if it was REFUSED for `objections`.
    """

    state: State
    since: datetime | None = None
    objections: tuple[Objection, ...] = ()
    waits_for: Registration | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The answers that were wrong, by the names of the columns of `Business`, `email` and such."""
        return frozenset(one.field for one in self.objections if one.field)


_WORST_FIRST: Final[Sequence[tuple[Stage, State]]] = (
    (Stage.SUSPENDED, State.SUSPENDED),
    (Stage.GONE, State.SUSPENDED),
    (Stage.REFUSED, State.REFUSED),
    (Stage.AWAITS_OWNER, State.AWAITS_OWNER),
)
"""What any of the registrations says for all of them."""

_UNDER_WAY: Final[Mapping[Subject, State]] = {
    Subject.BUSINESS: State.CHECKING,
    Subject.PROGRAM: State.WITH_CARRIER,
}


def business_in(session: Session, workspace_id: int) -> Business | None:
    """The business of a workspace, None before its form was begun."""
    return session.scalar(select(Business).where(Business.workspace_id == workspace_id))


def standing(session: Session, workspace_id: int) -> Standing:
    """Where a workspace stands with the registration of its texts; toll-free numbers have their own."""
    return standing_of_business(business_in(session, workspace_id))


def standing_of_business(business: Business | None) -> Standing:
    """The same of a business; None before its form was begun."""
    rows = [one for one in business.registrations if one.subject in _UNDER_WAY] if business else []
    for stage, state in _WORST_FIRST:
        if found := next((one for one in rows if one.stage is stage), None):
            return _of(found, state)
    for row in rows:
        if row.stage is not Stage.APPROVED:
            return _of(row, _UNDER_WAY[row.subject])
    if not rows:
        return Standing(State.NOT_BEGUN)
    is_registered = rows[-1].subject is Subject.PROGRAM
    return _of(rows[-1], State.REGISTERED if is_registered else State.WITH_CARRIER)


def standing_of(registration: Registration) -> Standing:
    """Where one registration stands by itself, as that of a toll-free number."""
    state = dict(_WORST_FIRST).get(registration.stage, State.WITH_CARRIER)
    return _of(registration, State.REGISTERED if registration.stage is Stage.APPROVED else state)


def objections_of(registration: Registration) -> tuple[Objection, ...]:
    """What the carrier objects to, out of the row; where it gave no words, those of its callback."""
    rows = ({**one, "text": one["text"] or registration.reason} for one in registration.objections)
    return tuple(Objection(**{**one, "mender": Mender(one["mender"])}) for one in rows)


def _of(registration: Registration, state: State) -> Standing:
    return Standing(state, registration.changed_at, objections_of(registration), registration)
