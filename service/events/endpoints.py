"""The endpoints of a workspace, which its owner manages: their addresses, kinds, secrets and deliveries."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import timedelta
from secrets import token_bytes
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.accounts.models import Member, Membership, Workspace
from service.errors import Forbidden, Invalid, NotFound
from service.events.delivering import deliver_event
from service.events.models import Delivery, Endpoint, EventKind
from service.services import Services
from service.team_notices.ssrf import must_not_be_private
from service.time import real_time

MOST: Final = 10
"""Endpoints that a workspace can have."""

OLD_SECRET_SIGNS: Final = timedelta(hours=24)
"""How long the secret before signs too, so that the program has time to learn the new one."""

KEPT: Final = timedelta(days=30)
"""How long a delivery is listed."""


def add_endpoint(
    session: Session, services: Services, owner: Member, url: str, kinds: Collection[EventKind]
) -> Endpoint:
    """Add an endpoint with a secret of its own.

    Raises:
        Forbidden: the member is not the owner.
        Invalid: the address is not one of HTTPS, or leads into a private network, or the workspace has `MOST`.
    """
    must_own(owner)
    # requests of the same moment are counted one by one
    session.execute(select(Workspace.id).where(Workspace.id == owner.workspace_id).with_for_update())
    here = select(func.count()).where(Endpoint.workspace_id == owner.workspace_id)
    if (session.scalar(here) or 0) >= MOST:
        raise Invalid({"url": ["You’ve reached the limit of 10 endpoints. Remove one first."]})
    made = {"secret": _secret(), "made_at": real_time()}
    endpoint = Endpoint(workspace_id=owner.workspace_id, url=_checked(services, url), kinds=sorted(kinds), **made)
    session.add(endpoint)
    session.flush()
    return endpoint


def change_endpoint(
    session: Session, services: Services, endpoint: Endpoint, *, url: str, kinds: Collection[EventKind], enabled: bool
) -> None:
    """Change an endpoint. One that is switched on again gets what waits for it. Raises `Invalid` as above."""
    endpoint.url, endpoint.kinds = _checked(services, url), sorted(kinds)
    endpoint.failing_since = endpoint.failing_since if endpoint.enabled == enabled else None
    endpoint.off_at = None if enabled else endpoint.off_at or real_time()
    session.flush()
    deliver_event.hurry(session, endpoint_id=endpoint.id)


def rotate_secret(endpoint: Endpoint) -> str:
    """Give an endpoint a new secret, and return it. The one before signs too for `OLD_SECRET_SIGNS`."""
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, real_time() + OLD_SECRET_SIGNS
    endpoint.secret = _secret()
    return endpoint.secret


def replay(session: Session, delivery: Delivery) -> None:
    """Have an event delivered once more, under its own id."""
    delivery.wanted_at = delivery.due_at = real_time()
    delivery.tries, delivery.sent_at = 0, None
    session.flush()
    deliver_event.hurry(session, endpoint_id=delivery.endpoint_id)


def endpoints_of(session: Session, owner: Member) -> Sequence[Endpoint]:
    """The endpoints of the member's workspace, oldest first. Raises `Forbidden` for members who do not own it."""
    must_own(owner)
    return session.scalars(
        select(Endpoint).where(Endpoint.workspace_id == owner.workspace_id).order_by(Endpoint.id)
    ).all()


def endpoint_for(session: Session, owner: Member, endpoint_id: int) -> Endpoint:
    """One endpoint of the member's workspace, locked. Raises `NotFound`, and `Forbidden` as above."""
    must_own(owner)
    mine = select(Endpoint).where(Endpoint.workspace_id == owner.workspace_id, Endpoint.id == endpoint_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound("There is no such endpoint.")
    return found


def deliveries_before(session: Session, endpoint: Endpoint, before: int, most: int) -> Sequence[Delivery]:
    """The newest deliveries to an endpoint; `before` is the id where a page ended, 0 for the first one."""
    here = select(Delivery).where(Delivery.endpoint_id == endpoint.id)
    older = here.where(Delivery.id < before) if before else here
    return session.scalars(older.order_by(Delivery.id.desc()).limit(most)).all()


def delivery_to(session: Session, endpoint: Endpoint, delivery_id: int) -> Delivery:
    """One delivery to an endpoint. Raises `NotFound`."""
    found = session.scalar(select(Delivery).where(Delivery.endpoint_id == endpoint.id, Delivery.id == delivery_id))
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def forget_deliveries(session: Session) -> None:
    """Delete deliveries that are older than `KEPT`."""
    session.execute(delete(Delivery).where(Delivery.wanted_at < real_time() - KEPT))


def must_own(member: Member) -> None:
    """Raise `Forbidden` unless the member is the owner."""
    if member.role is not Membership.OWNER:
        raise Forbidden("Only the owner can manage webhooks.")


def _secret() -> str:
    return f"whsec_{b64encode(token_bytes(32)).decode()}"


def _checked(services: Services, url: str) -> str:
    """The address, if programs may be reached there. Names are not resolved: where they lead is seen on delivery."""
    private = services.settings.notices_into_private_networks
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        readable = bool(host) and parts.port != 0 and parts.username is None and url.isprintable() and " " not in url
    except ValueError:
        readable = False
    if not readable or parts.scheme not in ({"https", "http"} if private else {"https"}):
        raise Invalid({"url": ["Write an address that begins with https://."]})
    must_not_be_private(host, private=private)
    return url
