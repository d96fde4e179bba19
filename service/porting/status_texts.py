"""The keyword STATUS: the contact of a project texts it and is answered with the state of the project."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageArrived
from service.notifications.facts import About
from service.notifications.notices import Status
from service.notifications.notify import Recipient, notify
from service.optouts import stopped
from service.porting.estimate import estimate
from service.porting.followers import page_of
from service.porting.models import PortNumber, PortProject
from service.porting.rollup import order_state
from service.porting.states import State
from service.proven_numbers import ProvenNumber
from service.services import Services

_ASKING: Final = frozenset({"status", "statut", "etat", "état", "estado", "estatus"})
AT_ONCE: Final = 3
"""How many of the sender's projects, newest first, one text is answered about."""


def asks_for_status(text: str) -> bool:
    """Whether a text consists of this keyword only."""
    return text.strip().strip(".!?\"'").casefold() in _ASKING


def answer_status(session: Session, services: Services, event: MessageArrived) -> bool:
    """Text this contact the state of their projects. False if the sender is the proven contact of none."""
    sent = PortProject.numbers.any(PortNumber.state != State.DRAFT)
    proven = select(ProvenNumber.workspace_id).where(ProvenNumber.number == event.sender)
    contact = PortProject.contact_number == event.sender, PortProject.workspace_id.in_(proven)
    theirs = select(PortProject).where(*contact, sent)
    projects = list(session.scalars(theirs.order_by(PortProject.id.desc()).limit(AT_ONCE)))
    if stopped(session, event.sender):
        return bool(projects)
    for project in projects:
        _answer(session, services, project, event)
    return bool(projects)


def _answer(session: Session, services: Services, project: PortProject, event: MessageArrived) -> None:
    expected = estimate(session, services, project)
    dates = [number.committed for number in project.numbers if number.state is State.SCHEDULED and number.committed]
    notice = Status(
        standing=order_state(number.state for number in project.numbers),
        date=min(dates, key=str, default=None),
        first=expected.first if expected else None,
        last=expected.last if expected else None,
    )
    about = About(
        numbers=[number.number for number in project.numbers],
        link=page_of(services, project, notice.kind),
        zone=project.workspace.zone,
    )
    recipient = Recipient(project.id, project.workspace_id, project.language, number=event.sender, email="")
    notify(session, services, recipient, about, notice, event.reference)
