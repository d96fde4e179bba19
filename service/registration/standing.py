"""Where a workspace stands with registering its texts, for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Final

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import distinct_on
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


_WORST_FIRST: Final[Mapping[Stage, State]] = {
    Stage.SUSPENDED: State.SUSPENDED,
    Stage.GONE: State.SUSPENDED,
    Stage.REFUSED: State.REFUSED,
    Stage.AWAITS_OWNER: State.AWAITS_OWNER,
}
"""What any of the registrations says for all of them."""

_UNDER_WAY: Final[Mapping[Subject, State]] = {
    Subject.BUSINESS: State.CHECKING,
    Subject.PROGRAM: State.WITH_CARRIER,
}

_URGENCY: Final = case(
    *((Registration.stage == stage, place) for place, stage in enumerate(_WORST_FIRST)),
    (Registration.stage == Stage.APPROVED, len(_WORST_FIRST) + 1),
    else_=len(_WORST_FIRST),
)

DECIDING: Final = (
    select(Registration.id)
    .where(Registration.subject.in_(_UNDER_WAY))
    .ext(distinct_on(Registration.business_id))
    .order_by(
        Registration.business_id,
        _URGENCY,
        case((Registration.stage == Stage.APPROVED, -Registration.id), else_=Registration.id),
    )
)
"""The ids of the registrations that decide where their businesses stand, as `standing_of_business` finds them."""


def business_in(session: Session, workspace_id: int) -> Business | None:
    """The business of a workspace, None before its form was begun."""
    return session.scalar(select(Business).where(Business.workspace_id == workspace_id))


def standing(session: Session, workspace_id: int) -> Standing:
    """Where a workspace stands with the registration of its texts; toll-free numbers have their own."""
    return standing_of_business(business_in(session, workspace_id))


def standing_of_business(business: Business | None) -> Standing:
    """The same of a business; None before its form was begun."""
    rows = [one for one in business.registrations if one.subject in _UNDER_WAY] if business else []
    worst = (one for stage in _WORST_FIRST for one in rows if one.stage is stage)
    unapproved = (one for one in rows if one.stage is not Stage.APPROVED)
    deciding = next(chain(worst, unapproved, reversed(rows)), None)
    return standing_of(deciding) if deciding else Standing(State.NOT_BEGUN)


def standing_of(registration: Registration) -> Standing:
    """Where a toll-free number stands by its registration, or a business by the one that decides."""
    state = state_of(registration.subject, registration.stage)
    return Standing(state, registration.changed_at, objections_of(registration), registration)


def state_of(subject: Subject, stage: Stage) -> State:
    """The same by the subject and stage of that registration."""
    if stage is Stage.APPROVED:
        return State.WITH_CARRIER if subject is Subject.BUSINESS else State.REGISTERED
    return _WORST_FIRST.get(stage) or _UNDER_WAY.get(subject, State.WITH_CARRIER)


def objections_of(registration: Registration) -> tuple[Objection, ...]:
    """What the carrier objects to, out of the row; where it gave no words, those of its callback."""
    rows = ({**one, "text": one["text"] or registration.reason} for one in registration.objections)
    return tuple(Objection(**{**one, "mender": Mender(one["mender"])}) for one in rows)
