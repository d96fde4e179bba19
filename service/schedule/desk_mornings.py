"""The mail of the porting desk in the morning."""

from service.desk.morning import send_mornings
from service.services import Services


def send_desk_mornings(services: Services) -> None:
    """Have mailed what the desk owes today to those of its people whose morning it is."""
    with services.sessions.begin() as session:
        send_mornings(session)
