"""Texting the owner of a sole proprietor's business again, who has a day to answer YES to the registry."""

from contextlib import suppress

from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict as ConflictAtCarrier
from provisioning.contract.errors import NotFound
from service.errors import Conflict
from service.queue import task
from service.registration.learning import ask_about_registration
from service.registration.models import Registration
from service.registration.standing import State, standing
from service.services import Services


def ask_owner_again(session: Session, workspace_id: int) -> None:
    """Have the registry text the owner once more. Raises `Conflict` if it does not wait for an answer."""
    where = standing(session, workspace_id)
    if where.state is not State.AWAITS_OWNER or where.waits_for is None:
        raise Conflict("This registration waits for no answer.")
    text_owner.defer(session, registration_id=where.waits_for.id)


@task
def text_owner(services: Services, *, registration_id: int) -> None:
    """Have the owner texted; if they answered meanwhile, the carrier says so, and is asked where it stands now."""
    with services.sessions() as session:
        registration = session.get_one(Registration, registration_id)
    with suppress(ConflictAtCarrier, NotFound):
        services.registration(registration.carrier).ask_owner(registration.reference)
    with services.sessions.begin() as session:
        ask_about_registration.defer_once(session, registration_id=registration_id)
