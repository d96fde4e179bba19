"""Telling the operators what in a carrier's books and ours does not fit."""

from typing import Final

from service.alerts import AlertKind, alert
from service.audit.books import unexplained
from service.queue import task
from service.services import Services

SHOWN: Final = 20
"""So many differences stand in the alert; `flask audit` tells them all."""


@task
def audit(services: Services, *, carrier: str) -> None:
    """Compare the last day, and raise an alert when something is unexplained. It changes nothing."""
    found = unexplained(services, carrier)
    if found:
        with services.sessions.begin() as session:
            alert(session, AlertKind.BOOKS_DIFFER, carrier, count=len(found), differences=found[:SHOWN])
