"""Queues the question which of our numbers carriers no longer have: when the clock process starts, and hourly."""

from service.port_outs.departures import seek_departed
from service.services import Services


def seek_departed_numbers(services: Services) -> None:
    """Queue it for every carrier that can hold numbers."""
    with services.sessions.begin() as session:
        for carrier in services.carriers.values():
            if carrier.network:
                seek_departed.defer_once(session, carrier=carrier.name)
