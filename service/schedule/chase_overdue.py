"""What somebody should have done by now: offered again, and shown to an operator when it stays undone."""

from datetime import timedelta

from service.cutover.carrier_jobs import advance_cutover
from service.cutover.half_ports import look_for_half_ports
from service.cutover.line_setup import freeze_line_setups
from service.cutover.queries import numbers_to_advance
from service.cutover.readiness import check_due_gates
from service.cutover.trials import start_due_trials
from service.ledger.ledger import offer_again
from service.ledger.queries import overdue
from service.services import Services


def chase_entries(services: Services) -> None:
    """Offer entries again whose job was lost or whose worker died; the row decides what is still to do."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    with services.sessions.begin() as session:
        for entry in overdue(session, grace):
            offer_again(session, entry)


def chase_cutovers(services: Services) -> None:
    """Go on with numbers that have arrived and have a step to do; what waits for proof waits by itself."""
    with services.sessions.begin() as session:
        for number_id in numbers_to_advance(session):
            advance_cutover.defer_once(session, port_number_id=number_id)


def chase_proofs(services: Services) -> None:
    """Keep what is to move once a date is set, see that all is ready, and that every channel is proven and whole."""
    with services.sessions.begin() as session:
        freeze_line_setups(session)
        check_due_gates(session)
        start_due_trials(session, services)
        look_for_half_ports(session, services)
