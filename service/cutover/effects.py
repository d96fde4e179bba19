"""Jobs of the cutover, and what follows when a number has come in."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.cutover import steps
from service.porting.models import PortHistory
from service.porting.moves import follows
from service.porting.states import Effect
from service.queue import Lane, task
from service.services import Services


@task(Lane.CARRIER, lock="cutover:{port_number_id}")
def advance_cutover(services: Services, *, port_number_id: int) -> None:
    """Do what can be done now for a number that is coming in or has come."""
    steps.advance(services, port_number_id)


@follows(Effect.CUT_OVER)
def cut_over(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The carrier says they are here: set each up."""
    for row in happened:
        advance_cutover.defer(session, port_number_id=row.port_number_id)
