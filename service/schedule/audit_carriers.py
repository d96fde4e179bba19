"""Queues the audit of every carrier: when the clock process starts, and daily."""

from service.audit.daily import audit
from service.services import Services


def audit_carriers(services: Services) -> None:
    """Queue the comparison of the last day for each carrier."""
    with services.sessions.begin() as session:
        for carrier in services.carriers:
            audit.defer_once(session, carrier=carrier)
