"""Moving a transfer to another carrier: that one is asked first, then the old order is canceled and filed there.

Only what is sent again moves (`acts.py:to_be_sent`): where numbers were rejected, the others stay in their order.
"""

from sqlalchemy.orm import Session

from provisioning.contract.porting import Verdict
from service.desk.acts import send_again, to_be_sent
from service.desk.log import DeskAct, write_down
from service.errors import Conflict, Invalid, ServiceError
from service.porting.cases import list_again
from service.porting.choice import carrier_of
from service.porting.models import PortProject
from service.porting.states import State
from service.queue import task
from service.services import Services


def ask_other_carrier(session: Session, services: Services, project: PortProject, by: int, carrier: str) -> None:
    """Have another carrier asked whether it takes a transfer's numbers, and the transfer moved there if it does.

    Raises:
        Invalid: there is no such carrier, or the numbers are with it already.
        Conflict: no number can be moved any more.
    """
    numbers = to_be_sent(project)
    if not numbers:
        raise Conflict("There’s nothing left to move to another carrier.")
    if carrier not in services.carriers or all(carrier_of(services, number) == carrier for number in numbers):
        raise Invalid({"carrier": ["Choose another carrier."]})
    write_down(session, project, by, DeskAct.CARRIER_ASKED, carrier=carrier)
    move_to_carrier.defer(session, project_id=project.id, carrier=carrier, user_id=by)


@task
def move_to_carrier(services: Services, *, project_id: int, carrier: str, user_id: int) -> None:
    """Ask the carrier about each number, and move the transfer there if it takes all of them."""
    with services.sessions() as session:
        numbers = _named(session.get_one(PortProject, project_id))
    porting = services.carriers[carrier].porting
    refused = [number for number in numbers if porting.check(number).verdict is not Verdict.YES]
    with services.sessions.begin() as session:
        project = session.get_one(PortProject, project_id)
        if refused:
            write_down(session, project, user_id, DeskAct.CARRIER_NOT_CHANGED, carrier=carrier, numbers=refused)
        else:
            _move(session, services, project, carrier, numbers, user_id)


def _move(
    session: Session, services: Services, project: PortProject, carrier: str, numbers: list[str], by: int
) -> None:
    """Move these numbers. What forbids that meanwhile stands in the desk's log, as nobody waits for an answer."""
    try:
        with session.begin_nested():
            if not numbers or _named(project) != numbers:
                raise Conflict("The transfer has changed meanwhile.")
            _file_at(session, services, project, carrier, by)
            write_down(session, project, by, DeskAct.CARRIER_CHANGED, carrier=carrier, numbers=numbers)
    except ServiceError as refusal:
        write_down(session, project, by, DeskAct.CARRIER_NOT_CHANGED, carrier=carrier, why=refusal.sentences)


def _file_at(session: Session, services: Services, project: PortProject, carrier: str, by: int) -> None:
    for number in to_be_sent(project):
        number.carrier, number.verdict = carrier, Verdict.YES
    session.flush()
    list_again(session, [project.id])
    if any(number.state is not State.DRAFT for number in project.numbers):
        send_again(session, services, project, by, {})


def _named(project: PortProject) -> list[str]:
    return [number.number for number in to_be_sent(project)]
