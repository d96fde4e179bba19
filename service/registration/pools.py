"""The pool of a workspace's numbers at the carrier, under whose registration they text."""

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.registration import Stage
from service.registration.models import Business, Registration, Subject
from service.registration.submitting import registration_of, submit_new
from service.services import Services


def own_pool(session: Session, workspace_id: int) -> str | None:
    """The carrier's id of the pool of a workspace, None until it is open."""
    row = session.scalar(_of(workspace_id, Subject.POOL))
    return row.reference or None if row else None


def carrier_of_pool(session: Session, workspace_id: int) -> str:
    """The carrier at which a workspace has its pool, "" if it has none."""
    row = session.scalar(_of(workspace_id, Subject.POOL))
    return row.carrier if row else ""


def is_registered(session: Session, workspace_id: int) -> bool:
    """Whether what a workspace texts is registered."""
    row = session.scalar(_of(workspace_id, Subject.PROGRAM))
    return row is not None and row.stage is Stage.APPROVED


def was_registered(session: Session, workspace_id: int) -> bool:
    """Whether what a workspace texts was registered at some time, be it suspended now."""
    row = session.scalar(_of(workspace_id, Subject.PROGRAM))
    return row is not None and row.stage in {Stage.APPROVED, Stage.SUSPENDED, Stage.GONE}


def awaits_registration(session: Session, workspace_id: int) -> bool:
    """Whether a workspace has a pool of its own, and what it texts is not registered yet."""
    return session.scalar(_of(workspace_id, Subject.POOL)) is not None and not is_registered(session, workspace_id)


def open_pool(session: Session, services: Services, workspace_id: int, name: str = "") -> None:
    """Have a pool opened for the numbers of a workspace called `name`, which costs nothing. Idempotent.

    An installation for one business needs none.
    """
    if not services.settings.single_business:
        business = business_for(session, workspace_id, name)
        if registration_of(session, business.id, Subject.POOL) is None:
            submit_new(session, business, Subject.POOL, services.home)


def business_for(session: Session, workspace_id: int, name: str = "") -> Business:
    """The business of a workspace, locked; if there is none, it is made with its trade name alone."""
    session.execute(insert(Business).values(workspace_id=workspace_id, trade_name=name).on_conflict_do_nothing())
    mine = select(Business).where(Business.workspace_id == workspace_id)
    return session.scalars(mine.with_for_update()).one()


def _of(workspace_id: int, subject: Subject) -> Select[Registration]:
    mine = (Business.workspace_id == workspace_id, Registration.subject == subject)
    return select(Registration).join(Registration.business).where(*mine)
