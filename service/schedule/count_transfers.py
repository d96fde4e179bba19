"""Counts what transfers did in the weeks, for estimates and for the figures of the desk."""

from service.porting.weeks import count_weeks
from service.services import Services


def count_transfers(services: Services) -> None:
    """Count the week that goes on, and those that ended since the last time."""
    with services.sessions.begin() as session:
        count_weeks(session)
