"""STATUS by text: whoever we tell about a port may ask where it is, and gets what its page says."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageArrived
from service.notifications.effects import tell
from service.notifications.models import Message
from service.optouts import stopped
from service.porting.estimate import estimate
from service.porting.followers import page_of
from service.porting.learning import date_as_told
from service.porting.models import PortNumber, PortProject
from service.porting.rollup import order_state
from service.porting.states import State
from service.services import Services

_ASKING: Final = frozenset({"status", "statut", "etat", "état", "estado", "estatus"})
AT_ONCE: Final = 3
"""So many ports are told of in answer to one text, the newest ones."""


def asks_for_status(text: str) -> bool:
    """Whether a text is this keyword, and nothing beside it."""
    return text.strip().strip(".!?\"'").casefold() in _ASKING


def answer_status(session: Session, services: Services, event: MessageArrived) -> bool:
    """Answer by text where the ports are that the sender is told about. False when there is none to tell of."""
    sent = PortProject.numbers.any(PortNumber.state != State.DRAFT)
    theirs = select(PortProject).where(PortProject.contact_number == event.sender, sent)
    projects = list(session.scalars(theirs.order_by(PortProject.id.desc()).limit(AT_ONCE)))
    if stopped(session, event.sender):
        return bool(projects)
    for project in projects:
        _tell(session, services, project, event)
    return bool(projects)


def _tell(session: Session, services: Services, project: PortProject, event: MessageArrived) -> None:
    expected = estimate(session, services, project)
    dates = sorted(date_as_told(one) for one in project.numbers if one.state is State.SCHEDULED)
    tell(
        session,
        services,
        project_id=project.id,
        message=Message.STATUS,
        version=event.reference,
        language=project.language,
        number=event.sender,
        email="",
        facts={
            "numbers": [number.number for number in project.numbers],
            "standing": order_state(number.state for number in project.numbers).value,
            "date": next(iter(dates), None),
            "first": expected.first.isoformat() if expected else None,
            "last": expected.last.isoformat() if expected else None,
            "zone": project.workspace.zone,
            "link": page_of(services, project, Message.STATUS),
        },
    )
