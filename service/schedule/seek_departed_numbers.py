"""Queues the questions which of our numbers carriers no longer have, and which of them other operators ask for.

That is done when the clock process starts, and hourly.
"""

from service.port_outs.departures import seek_departed
from service.port_outs.watching import watch_port_outs
from service.services import Services


def seek_departed_numbers(services: Services) -> None:
    """Queue both for every carrier that can hold numbers, the second where its API tells of such requests."""
    with services.sessions.begin() as session:
        for carrier in services.carriers.values():
            if carrier.network:
                seek_departed.defer_once(session, carrier=carrier.name)
            if carrier.network and carrier.network.port_outs:
                watch_port_outs.defer_once(session, carrier=carrier.name)
