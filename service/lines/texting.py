"""Enrolling a number for texts at its carrier."""

from service.lines.models import PhoneNumber, Standing
from service.queue import task
from service.services import Services
from service.time import now


@task
def enrol_for_texts(services: Services, *, number_id: int) -> None:
    """Add a number that we bought to our registration for texts; carriers refuse texts from unregistered numbers."""
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
    if number.standing is not Standing.HELD:
        return
    services.network(number.carrier).messaging.enrol(number.reference)
    with services.sessions.begin() as session:
        enrolled = session.get_one(PhoneNumber, number_id)
        enrolled.texts_since = enrolled.texts_since or now()
