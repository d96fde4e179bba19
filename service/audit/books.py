"""One carrier's records, read over its API, compared with ours. Only differences are reported."""

from datetime import datetime, timedelta
from typing import Final

from service.audit import numbers, ports, registrations, texts
from service.audit.period import Period
from service.services import Services
from service.time import now

LOOKED_BACK: Final = timedelta(days=1)
"""How much is compared at a time: the audit runs daily."""

UNDER_WAY: Final = timedelta(hours=1)
"""Records younger than this may still be on their way to the other side; the next audit compares them."""


def unexplained(services: Services, carrier: str, since: datetime | None = None) -> list[str]:
    """A sentence for each record on one side that the other side lacks or contradicts; empty on a good day.

    With `since` (aware) everything from then until now is compared, also what may still be on its way.

    Raises:
        CarrierError: the carrier did not answer every question, so the comparison is incomplete.
    """
    period = until_now(since) if since else _last_day()
    found = list(ports.differences(services, carrier, period))
    if services.carriers[carrier].network:
        found += numbers.differences(services, carrier, period)
        found += registrations.differences(services, carrier)
        found += texts.incoming_differences(services, carrier, period)
        found += texts.outgoing_differences(services, carrier, period)
    return found


def _last_day() -> Period:
    until = now() - UNDER_WAY
    return Period(asked_since=until - LOOKED_BACK - UNDER_WAY, since=until - LOOKED_BACK, until=until)


def until_now(since: datetime) -> Period:
    """All since then, with what may still be on its way."""
    return Period(asked_since=since, since=since, until=now())
