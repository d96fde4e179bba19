"""Whose number is it? What has to be shown before a port is filed, and what our porting desk has to look at."""

from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.alerts import AlertKind, alert
from service.errors import Conflict
from service.porting.choice import is_by_hand
from service.porting.claim_mail import send_decision
from service.porting.models import PortNumber, PortProject
from service.porting.number_codes import NumberCode, enter, latest
from service.porting.states import FINAL, State
from service.services import Services
from service.time import now

_WANTED: Final = "Show that the number is yours with a code we send to it."
_LOOKED_AT: Final = "Our transfer desk checks this number first and emails you."


class Claim(StrEnum):
    """How far it is shown that a draft's numbers are the customer's.

    CONFIRMED by a code or by our desk; BY_PAPERS where the desk files it by hand and reads the papers anyway; AT_DESK
    while the desk looks; WANTED otherwise.
    """

    CONFIRMED = "confirmed"
    BY_PAPERS = "by_papers"
    AT_DESK = "at_desk"
    WANTED = "wanted"


class ClaimedTwice(Conflict):
    """Another customer's port of one of a project's numbers is under way; the message does not say so."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_LOOKED_AT)
        self.public_id = public_id


def claim_of(services: Services, project: PortProject) -> Claim:
    """How far a draft is. One confirmed number speaks for all, which are on one account (decision 16)."""
    if project.vouched_at:
        return Claim.CONFIRMED
    if project.claimed_at:
        return Claim.AT_DESK
    if not takes_codes(services, project):
        return Claim.BY_PAPERS
    return Claim.CONFIRMED if any(number.confirmed_at for number in project.numbers) else Claim.WANTED


def takes_codes(services: Services, project: PortProject) -> list[PortNumber]:
    """The numbers to which a code can be sent: those that a carrier files; of others the desk has papers."""
    return [one for one in project.numbers if not is_by_hand(services, one)]


def code_of(session: Session, services: Services, project: PortProject) -> NumberCode | None:
    """The code that was sent last to one of a draft's numbers and is still good."""
    return latest(session, project.workspace_id, [one.number for one in takes_codes(services, project)])


def confirm(session: Session, services: Services, project: PortProject, digits: str) -> bool:
    """Whether this is the code that was sent last to one of a draft's numbers, which is confirmed then."""
    code = code_of(session, services, project)
    if code is None or not enter(session, services, code, digits):
        return False
    for number in takes_codes(services, project):
        number.confirmed_at = now() if number.number == code.number else number.confirmed_at
    return True


def unconfirmed(services: Services, project: PortProject) -> dict[str, list[str]]:
    """What is still to be shown before a draft can be sent, as `checks.missing` says it."""
    sentence = {Claim.WANTED: _WANTED, Claim.AT_DESK: _LOOKED_AT}.get(claim_of(services, project))
    return {"confirmed": [sentence]} if sentence else {}


def must_be_free(session: Session, project: PortProject) -> None:
    """Raise `Conflict` if one of a draft's numbers is in another open port: `ClaimedTwice` if another customer's."""
    others = {one.project.workspace_id for one in others_of(session, project)}
    if project.workspace_id in others:
        raise Conflict("This number is already being transferred.")
    if others:
        raise ClaimedTwice(project.public_id)


def others_of(session: Session, project: PortProject) -> list[PortNumber]:
    """The numbers of a draft in other open ports, whoever's: for our staff."""
    named = PortNumber.number.in_([number.number for number in project.numbers])
    open_elsewhere = named, PortNumber.state.not_in([*FINAL, State.DRAFT]), PortNumber.project_id != project.id
    whose = joinedload(PortNumber.project).joinedload(PortProject.workspace)
    return list(session.scalars(select(PortNumber).where(*open_elsewhere).options(whose).order_by(PortNumber.id)))


def hand_to_desk(session: Session, project: PortProject) -> None:
    """Have our porting desk look at a draft whose numbers take no code, or that another customer moves too."""
    project.claimed_at, project.vouched_at = now(), None
    numbers = [number.number for number in project.numbers][:10]
    alert(session, AlertKind.NUMBER_CLAIMED, f"port_project:{project.id}", numbers=numbers)


def decide(session: Session, project: PortProject, *, vouched: bool) -> None:
    """Write down what the desk found, and have it mailed to the customer. Raises `Conflict` if nobody asked it."""
    session.refresh(project, with_for_update=True)
    if project.claimed_at is None:
        raise Conflict("This has already been decided.")
    project.claimed_at, project.vouched_at = None, now() if vouched else None
    if not vouched:
        for number in project.numbers:
            number.confirmed_at = None
    send_decision.defer(session, project_id=project.id, vouched=vouched, decided=int(now().timestamp()))
