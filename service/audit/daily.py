"""The daily audit of a carrier, which alerts the operators to differences."""

from typing import Final

from service.alerts import AlertKind, alert
from service.audit.books import unexplained
from service.audit.models import note_audit
from service.audit.prices import learn_prices
from service.queue import task
from service.services import Services

SHOWN: Final = 20
"""How many differences the alert shows; `flask audit` prints all of them."""


@task
def audit(services: Services, *, carrier: str) -> None:
    """Compare the last day with the carrier and raise an alert if anything differs; and learn prices."""
    if services.carriers[carrier].network:
        learn_prices(services, carrier)
    found = unexplained(services, carrier)
    with services.sessions.begin() as session:
        note_audit(session, carrier)
        if found:
            alert(session, AlertKind.BOOKS_DIFFER, carrier, count=len(found), differences=found[:SHOWN])
