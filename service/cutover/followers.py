"""What follows for the cutover when numbers change their state."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.cutover.jobs import advance_cutover, take_down
from service.cutover.rows import forget_steps
from service.lines.inventory import let_go
from service.lines.own_number import end_for
from service.porting.models import PortHistory
from service.services import Services


def cut_over(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The carrier says they are here: set each up."""
    for row in happened:
        advance_cutover.hurry(session, port_number_id=row.port_number_id)


def stay_where_they_are(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """They do not come: calls show them no more, and one that the carrier showed early is no number of the line's."""
    end_for(session, [row.port_number.number for row in happened])
    for number in [row.port_number for row in happened]:
        early = let_go(session, number.project.line_id, number.number)
        if early:
            forget_steps(session, number)
            take_down.defer(session, port_number_id=number.id, reference=early.reference)
