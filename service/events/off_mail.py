"""The e-mail that tells the owners of a workspace that an endpoint of theirs was switched off."""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from service.accounts.models import Member, Membership, User
from service.brands import Brand, brand_of_workspace
from service.events.models import Endpoint
from service.notifications.composing import compose
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "off"


@task
def mail_endpoint_off(services: Services, *, endpoint_id: int, at: int) -> None:
    """Mail the owners. `at` is when it was switched off (seconds of the epoch). They read its host alone."""
    with services.sessions() as session:
        endpoint = session.get(Endpoint, endpoint_id)
        if endpoint is None:
            return
        owns = (Member.workspace_id == endpoint.workspace_id, Member.role == Membership.OWNER)
        owners = session.scalars(select(User).join(Member, Member.user_id == User.id).where(*owns)).all()
        host, brand = endpoint.host, brand_of_workspace(session, services.settings, endpoint.workspace_id)
    for owner in owners:
        services.mailer.send(_mail(brand, owner, host, f"<webhook-{endpoint_id}-{at}-{owner.id}@portline>"))


def _mail(brand: Brand, owner: User, host: str, message_id: str) -> Mail:
    facts, path = {"host": host}, "/settings/webhooks/"
    return compose(TEMPLATES, owner.language, facts, brand=brand, to=owner.email, message_id=message_id, path=path)
