"""May we text a port's contact? Once a code was entered that we sent there; until then we only mail."""

from sqlalchemy.orm import Session

from service.porting.models import PortProject
from service.porting.number_codes import NumberCode, Purpose, Way, ask, enter, latest
from service.porting.states import FINAL
from service.proven_numbers import is_proven
from service.services import Services


def is_unproven(session: Session, project: PortProject) -> bool:
    """Whether texts about an open port wait for a code from its contact's number."""
    number = project.contact_number
    if not number or FINAL.issuperset(one.state for one in project.numbers):
        return False
    return not is_proven(session, project.workspace_id, number)


def contact_code_of(session: Session, project: PortProject) -> NumberCode | None:
    """The code that was sent last to the contact and is still good."""
    return latest(session, project.workspace_id, [project.contact_number], Purpose.CONTACT)


def send_contact_code(session: Session, services: Services, project: PortProject, way: Way) -> None:
    """Have a code sent to the contact, unless it is proven. Raises as `number_codes.ask` does."""
    if is_unproven(session, project):
        ask(session, services, project, project.contact_number, way, Purpose.CONTACT)


def enter_contact_code(session: Session, services: Services, project: PortProject, digits: str) -> bool:
    """Whether this is the code that was sent last to the contact, whom we may text then."""
    return enter(session, services, contact_code_of(session, project), digits)
