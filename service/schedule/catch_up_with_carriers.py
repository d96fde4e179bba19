"""Asking every carrier for what we may have missed: at the start, and every few minutes."""

from service.backfill.catching_up import catch_up
from service.services import Services


def catch_up_with_carriers(services: Services) -> None:
    """Have texts and orders since our cursor listed at each carrier."""
    with services.sessions.begin() as session:
        for carrier in services.carriers:
            catch_up.defer_once(session, carrier=carrier)
