"""Registrations of businesses for texting, as our staff look after them: all of them, and one with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from provisioning.contract.registration import Objection
from service.accounts.models import Workspace
from service.errors import NotFound
from service.ledger.models import LedgerEntry, Progress
from service.porting.models import PortProject
from service.registration.models import Business, Registration, Subject
from service.registration.standing import Standing, State, objections_of, standing_of, standing_of_business
from service.registration.submitting import ENTRIES


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


def rows(session: Session, state: State | None = None) -> list[Row]:
    """What is in a state, or where none is named was begun and is not registered yet; longest waiting first."""
    known = select(Business, Workspace).join(Workspace, Business.workspace_id == Workspace.id)
    with_parts = known.options(selectinload(Business.registrations)).order_by(Business.id)
    found = [row for business, workspace in session.execute(with_parts) for row in _rows_of(business, workspace)]
    wanted = [row for row in found if _is_wanted(row.where.state, state)]
    return sorted(wanted, key=_since)


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


def _rows_of(business: Business, workspace: Workspace) -> list[Row]:
    free = [one for one in business.registrations if one.subject is Subject.TOLL_FREE]
    numbers = [Row(business, workspace, Subject.TOLL_FREE, standing_of(one)) for one in free]
    return [Row(business, workspace, Subject.BUSINESS, standing_of_business(business)), *numbers]


def _is_wanted(state: State, wanted: State | None) -> bool:
    return state is wanted if wanted else state not in {State.NOT_BEGUN, State.REGISTERED}


def _since(row: Row) -> tuple[bool, datetime]:
    return row.where.since is None, row.where.since or row.business.made_at


def _progress(session: Session, registration: Registration) -> list[tuple[int, Progress]]:
    ids = [submission.id for submission in registration.submissions]
    mine = (LedgerEntry.kind == ENTRIES[registration.subject], LedgerEntry.subject_id.in_(ids))
    return [(row.subject_id, row.progress) for row in session.scalars(select(LedgerEntry).where(*mine))]
