"""What somebody should have done by now: offered again, and shown to an operator when it stays undone."""

from datetime import timedelta

from sqlalchemy import exists, select

from service.cutover.effects import advance_cutover
from service.cutover.models import CutoverStep, StepName
from service.ledger.doubt import overdue
from service.ledger.promises import offer
from service.porting.models import PortNumber
from service.porting.states import State
from service.services import Services


def chase_effects(services: Services) -> None:
    """Offer effects again whose job was lost or whose worker died; the row decides what is still to do."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    with services.sessions.begin() as session:
        for effect in overdue(session, grace):
            offer(session, effect)


def chase_cutovers(services: Services) -> None:
    """Go on with numbers that have arrived and are not set up yet; those set up wait for their proof by themselves."""
    set_up = exists().where(
        CutoverStep.port_number_id == PortNumber.id,
        CutoverStep.name == StepName.SWAP_ROLES,
        CutoverStep.done_at.is_not(None),
    )
    with services.sessions.begin() as session:
        for number_id in session.scalars(select(PortNumber.id).where(PortNumber.state == State.PORTED, ~set_up)):
            advance_cutover.defer(session, port_number_id=number_id)
