"""Work that is overdue: it is queued again, and operators are alerted if it stays undone."""

from datetime import timedelta

from service.calls.legs.ending import chase_groups
from service.cutover.carrier_jobs import advance_cutover
from service.cutover.half_ports import look_for_half_ports
from service.cutover.queries import numbers_to_advance
from service.cutover.readiness import check_due_gates
from service.cutover.sending_results import ask_for_results
from service.cutover.sending_tests import repeat_sending_tests
from service.cutover.trials import start_due_trials
from service.ledger.ledger import offer_again
from service.ledger.queries import overdue
from service.services import Services


def chase_entries(services: Services) -> None:
    """Queue ledger entries again whose job was lost or whose worker died."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    with services.sessions.begin() as session:
        for entry in overdue(session, grace):
            offer_again(session, entry)


def chase_cutovers(services: Services) -> None:
    """Queue the cutover of ported numbers that have a step to do."""
    with services.sessions.begin() as session:
        for number_id in numbers_to_advance(session):
            advance_cutover.defer_once(session, port_number_id=number_id)


def chase_proofs(services: Services) -> None:
    """Check readiness, start tests of unproven legs, and look for half ports."""
    with services.sessions.begin() as session:
        check_due_gates(session)
        start_due_trials(session, services)
        repeat_sending_tests(session)
        ask_for_results(session)
        look_for_half_ports(session, services)


def chase_ringings(services: Services) -> None:
    """Go on with ring groups whose job or callback was lost: phones are called, and those that ring in vain stop."""
    with services.sessions.begin() as session:
        chase_groups(session)
