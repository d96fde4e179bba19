"""What the cutover does when numbers change their state."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.cutover.carrier_jobs import advance_cutover, take_down
from service.cutover.line_setup import freeze_line_setups
from service.cutover.rows import forget_steps
from service.lines.inventory import drop_arriving
from service.lines.own_number import end_for_numbers
from service.porting.models import PortHistory
from service.services import Services


def cut_over(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The carrier reports the numbers as ported: start the cutover of each."""
    for row in happened:
        advance_cutover.hurry(session, port_number_id=row.port_number_id)


def keep_set_up(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The numbers will come: store, once, how their lines are set up."""
    freeze_line_setups(session, [row.port_number for row in happened])


def stay_where_they_are(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The numbers are not ported after all: stop showing them in calls, and undo what was set up for them early."""
    end_for_numbers(session, [row.port_number.number for row in happened])
    for number in [row.port_number for row in happened]:
        early = drop_arriving(session, number.line_id, number.number)
        if early:
            forget_steps(session, number)
            take_down.defer(session, port_number_id=number.id, reference=early.reference)
