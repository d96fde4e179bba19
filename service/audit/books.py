"""One carrier's books against ours, asked over its own interface. What fits is silent."""

from datetime import timedelta
from typing import Final

from service.audit import numbers, ports, texts
from service.audit.period import Period
from service.services import Services
from service.time import now

LOOKED_BACK: Final = timedelta(days=1)
"""How much is compared at a time: the audit runs daily."""

UNDER_WAY: Final = timedelta(hours=1)
"""What is younger may be on its way between the two books; the next audit sees it."""


def unexplained(services: Services, carrier: str) -> list[str]:
    """A sentence for everything in one set of books that the other does not bear out; empty on a good day.

    Raises:
        CarrierError: the carrier did not answer all of it, so nothing can be said.
    """
    until = now() - UNDER_WAY
    period = Period(asked_since=until - LOOKED_BACK - UNDER_WAY, since=until - LOOKED_BACK, until=until)
    found = list(ports.differences(services, carrier, period))
    if services.carriers[carrier].network:
        found += numbers.differences(services, carrier, period)
        found += texts.came_in(services, carrier, period)
        found += texts.went_out(services, carrier, period)
    return found
