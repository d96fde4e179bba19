"""What the owner of a business is told of its registration, by text and mail, at each step."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Mender, Stage
from service.brands import brand_of_workspace
from service.notifications.facts import Matter
from service.notifications.notify import Recipient, notify
from service.notifications.texting_notices import (
    TextingAwaitsOwner,
    TextingInReview,
    TextingNotice,
    TextingOn,
    TextingOwnerLate,
    TextingRefused,
    TextingSuspended,
)
from service.registration.legal import name_of
from service.registration.models import Business, Registration, Subject
from service.services import Services

_NOTICES: Final[Mapping[tuple[Subject, Stage], type[TextingNotice]]] = {
    (Subject.BUSINESS, Stage.AWAITS_OWNER): TextingAwaitsOwner,
    (Subject.BUSINESS, Stage.APPROVED): TextingInReview,
    (Subject.BUSINESS, Stage.REFUSED): TextingRefused,
    (Subject.BUSINESS, Stage.SUSPENDED): TextingSuspended,
    (Subject.TOLL_FREE, Stage.REFUSED): TextingRefused,
    (Subject.PROGRAM, Stage.APPROVED): TextingOn,
    (Subject.PROGRAM, Stage.REFUSED): TextingRefused,
    (Subject.PROGRAM, Stage.SUSPENDED): TextingSuspended,
}

_THEIRS: Final = {Mender.CUSTOMER, Mender.WORDING}


def notify_owner(session: Session, services: Services, registration: Registration) -> None:
    """Notify the person whom the business named of where its registration stands, once for each change.

    Of a refusal that only operators can mend, nothing is said: they write themselves.
    """
    kind = _NOTICES.get((registration.subject, registration.stage))
    if kind is TextingAwaitsOwner and registration.objections:
        kind = TextingOwnerLate
    if kind is None or (kind is TextingRefused and not _mendable(registration)):
        return
    business = registration.business
    brand = brand_of_workspace(session, services.settings, business.workspace_id)
    link = f"{brand.base_url}/texting?workspace={business.workspace_id}"
    notice = kind(business=name_of(business), since=registration.changed_at)
    version = f"{registration.id}:{registration.changed_at.isoformat()}"
    notify(session, services, _recipient(business), Matter(link=link, zone=_zone(session, business)), notice, version)


def _mendable(registration: Registration) -> bool:
    return any(Mender(one["mender"]) in _THEIRS for one in registration.objections)


def _recipient(business: Business) -> Recipient:
    return Recipient(None, business.workspace_id, business.language, business.phone, business.email)


def _zone(session: Session, business: Business) -> str:
    """The time zone of the workspace, whose table is above this package."""
    workspaces = Business.metadata.tables["workspaces"]
    zone = session.scalar(select(workspaces.c.zone).where(workspaces.c.id == business.workspace_id))
    return str(zone)
