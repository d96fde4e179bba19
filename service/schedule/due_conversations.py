"""Conversations that come back, and texts that leave, when their time has come."""

from service.inbox.handling import wake
from service.inbox.writing import send_due
from service.services import Services


def wake_conversations(services: Services) -> None:
    """Bring back what was snoozed until now."""
    with services.sessions.begin() as session:
        wake(session)


def send_later_texts(services: Services) -> None:
    """Send what was written to leave by now."""
    with services.sessions.begin() as session:
        send_due(session)
