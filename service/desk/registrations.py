"""Registrations of businesses for texting, as our staff look after them: all of them, and one with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, selectinload

from provisioning.contract.registration import Objection, Stage
from service.accounts.models import Workspace
from service.errors import NotFound
from service.ledger.models import LedgerEntry, Progress
from service.porting.models import PortProject
from service.registration.models import Business, Registration, Subject
from service.registration.standing import (
    DECIDING,
    Standing,
    State,
    objections_of,
    standing_of,
    standing_of_business,
    state_of,
)
from service.registration.submitting import ENTRIES

PER_PAGE: Final = 50

_BY_ITSELF: Final = or_(Registration.subject == Subject.TOLL_FREE, Registration.id.in_(DECIDING))
"""The registrations that have a row: of a business the one that decides where it stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """A business in the list, or one of its toll-free numbers, which has a registration of its own."""

    business: Business
    workspace: Workspace
    subject: Subject
    where: Standing

    @property
    def codes(self) -> list[str]:
        """The carrier's codes of what it objects to."""
        return [one.code for one in self.where.objections]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of a business's registrations. `progress` is that of each ledger entry, by submission."""

    business: Business
    workspace: Workspace
    where: Standing
    registrations: Sequence[Registration]
    progress: dict[int, Progress]
    projects: Sequence[PortProject]

    def objections(self, registration: Registration) -> Sequence[Objection]:
        """What the carrier objects to in one of them."""
        return objections_of(registration)


def rows(session: Session, state: State | None = None, *, page: int = 1, most: int = PER_PAGE) -> list[Row]:
    """What is in a state, or where none is named was begun and is not registered yet; longest waiting first.

    Of the page (from 1) come `most` rows, `PER_PAGE` or one more to see whether another follows.
    """
    before = (page - 1) * PER_PAGE
    if state is State.NOT_BEGUN:
        return _not_begun(session, before, most)
    known = select(Registration, Workspace).join(Registration.business)
    known = known.join(Workspace, Business.workspace_id == Workspace.id).where(_BY_ITSELF, _in_state(state))
    slim = contains_eager(Registration.business).defer(Business.tax_id)
    oldest = known.options(slim).order_by(Registration.changed_at, Registration.id)
    found = session.execute(oldest.offset(before).limit(most))
    return [Row(one.business, workspace, _subject_of(one), standing_of(one)) for one, workspace in found]


def dossier(session: Session, workspace_id: int) -> Dossier:
    """All that is known of the business of a workspace. Raises `NotFound` if it has not begun to register."""
    business = session.scalar(select(Business).where(Business.workspace_id == workspace_id))
    if business is None:
        raise NotFound("This business hasn’t begun to register.")
    parts = select(Registration).where(Registration.business_id == business.id).order_by(Registration.id)
    registrations = session.scalars(parts.options(selectinload(Registration.submissions))).all()
    projects = select(PortProject).where(PortProject.workspace_id == workspace_id).order_by(PortProject.id.desc())
    return Dossier(
        business,
        session.get_one(Workspace, workspace_id),
        standing_of_business(business),
        registrations,
        {key: progress for one in registrations for key, progress in _progress(session, one)},
        session.scalars(projects.limit(20)).all(),
    )


def _in_state(wanted: State | None) -> ColumnElement[bool]:
    in_state = []
    for subject in Subject:
        stages = [stage for stage in Stage if _is_wanted(state_of(subject, stage), wanted)]
        in_state.append((Registration.subject == subject) & Registration.stage.in_(stages))
    return or_(*in_state)


def _is_wanted(state: State, wanted: State | None) -> bool:
    return state is wanted if wanted else state is not State.REGISTERED


def _not_begun(session: Session, before: int, most: int) -> list[Row]:
    known = select(Business, Workspace).join(Workspace, Business.workspace_id == Workspace.id)
    blank = known.where(Business.id.not_in(select(Registration.business_id).where(Registration.id.in_(DECIDING))))
    oldest = blank.options(defer(Business.tax_id)).order_by(Business.made_at, Business.id)
    found = session.execute(oldest.offset(before).limit(most))
    return [Row(one, workspace, Subject.BUSINESS, Standing(State.NOT_BEGUN)) for one, workspace in found]


def _subject_of(one: Registration) -> Subject:
    return Subject.TOLL_FREE if one.subject is Subject.TOLL_FREE else Subject.BUSINESS


def _progress(session: Session, registration: Registration) -> list[tuple[int, Progress]]:
    ids = [submission.id for submission in registration.submissions]
    mine = (LedgerEntry.kind == ENTRIES[registration.subject], LedgerEntry.subject_id.in_(ids))
    return [(row.subject_id, row.progress) for row in session.scalars(select(LedgerEntry).where(*mine))]
