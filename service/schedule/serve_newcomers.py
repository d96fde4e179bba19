"""Gives numbers to newcomers who wait for theirs."""

from service.accounts.newcomers import serve_waiting
from service.services import Services


def serve_newcomers(services: Services) -> None:
    """Give numbers to those who wait, as purchases free up."""
    with services.sessions.begin() as session:
        serve_waiting(session, services)
