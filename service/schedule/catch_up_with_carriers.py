"""Queues catching up with every carrier: when the clock process starts, and every two minutes."""

from service.backfill.catching_up import catch_up
from service.services import Services


def catch_up_with_carriers(services: Services) -> None:
    """Queue the question to each carrier for texts, calls and orders since our cursor."""
    with services.sessions.begin() as session:
        for carrier in services.carriers:
            catch_up.defer_once(session, carrier=carrier)
