"""Ends snoozes and sends scheduled texts when they are due."""

from service.inbox.handling import wake
from service.inbox.writing import send_due
from service.services import Services


def wake_conversations(services: Services) -> None:
    """Reopen conversations whose snooze is over."""
    with services.sessions.begin() as session:
        wake(session)


def send_later_texts(services: Services) -> None:
    """Send scheduled texts that are due."""
    with services.sessions.begin() as session:
        send_due(session)
