"""The pool at the carrier that the numbers of a workspace join, and under whose registration they text."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.lines.models import Line, PhoneNumber, Standing
from service.registration.pools import own_pool, was_registered
from service.services import Services


def pool_for(session: Session, services: Services, workspace_id: int) -> str | None:
    """The pool that the numbers of a workspace join: its own, or None until that is open.

    It is the installation's, "", in an installation for one business, and for a workspace that texts under the
    installation's registration from before, until its own is approved: its new numbers text like the others.
    """
    if services.settings.single_business or texts_as_before(session, workspace_id):
        return ""
    return own_pool(session, workspace_id)


def texts_as_before(session: Session, workspace_id: int) -> bool:
    """Whether a workspace texts under the registration of the installation, since its own is not approved yet."""
    mine = (PhoneNumber.line_id == Line.id, Line.workspace_id == workspace_id, PhoneNumber.standing == Standing.HELD)
    shared = (PhoneNumber.pool == "", PhoneNumber.texts_since.is_not(None), PhoneNumber.number.startswith("+1"))
    texts = session.scalar(select(exists().where(*mine, *shared)))
    return bool(texts) and not was_registered(session, workspace_id)
