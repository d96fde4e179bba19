"""Queues the check that carriers still send their callbacks here: when the clock process starts, and daily."""

from service.callbacks import watch_callbacks
from service.services import Services


def watch_carriers(services: Services) -> None:
    """Queue the check of the configuration of every carrier that can hold numbers."""
    with services.sessions.begin() as session:
        for carrier in services.carriers.values():
            if carrier.network:
                watch_callbacks.defer_once(session, carrier=carrier.name)
