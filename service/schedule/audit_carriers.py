"""Comparing every carrier's books with ours: at the start, and daily."""

from service.audit.daily import audit
from service.services import Services


def audit_carriers(services: Services) -> None:
    """Have the last day compared at each carrier."""
    with services.sessions.begin() as session:
        for carrier in services.carriers:
            audit.defer_once(session, carrier=carrier)
