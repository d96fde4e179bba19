"""The endpoints of a workspace, which its owner manages: their addresses, kinds and secrets."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership, Workspace
from service.errors import Forbidden, Invalid, NotFound
from service.events.delivering import deliver_event
from service.events.models import Endpoint, EventKind
from service.services import Services
from service.team_notices.ssrf import must_not_be_private
from service.time import real_time

MOST: Final = 10
"""Endpoints that a workspace can have."""

OLD_SECRET_SIGNS: Final = timedelta(hours=24)
"""How long the secret before signs too, so that the program has time to learn the new one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint is to be."""

    url: str
    kinds: Collection[EventKind]
    enabled: bool


def add_endpoint(
    session: Session, services: Services, owner: Member, url: str, kinds: Collection[EventKind]
) -> Endpoint:
    """Add an endpoint with a secret of its own.

    Raises:
        Forbidden: the member is not the owner.
        Invalid: the address is not one of HTTPS, or leads into a private network, no event was chosen, or the workspace
            has `MOST`.
    """
    must_own(owner)
    # requests of the same moment are counted one by one
    session.execute(select(Workspace.id).where(Workspace.id == owner.workspace_id).with_for_update())
    here = select(func.count()).where(Endpoint.workspace_id == owner.workspace_id)
    if (session.scalar(here) or 0) >= MOST:
        raise Invalid({"url": ["You’ve reached the limit of 10 webhooks. Remove one first."]})
    made = {"secret": _secret(), "made_at": real_time()}
    wanted = {"url": _checked(services, url), "kinds": _chosen(kinds)}
    endpoint = Endpoint(workspace_id=owner.workspace_id, **wanted, **made)
    session.add(endpoint)
    session.flush()
    _note(session, owner, Action.WEBHOOK_ADDED, endpoint)
    return endpoint


def change_endpoint(session: Session, services: Services, owner: Member, endpoint: Endpoint, wanted: Wanted) -> None:
    """Change an endpoint. One that is switched on again gets what waits for it. Raises `Invalid` as above."""
    endpoint.url, endpoint.kinds = _checked(services, wanted.url), _chosen(wanted.kinds)
    endpoint.failing_since = endpoint.failing_since if endpoint.enabled == wanted.enabled else None
    endpoint.off_at = None if wanted.enabled else endpoint.off_at or real_time()
    session.flush()
    _note(session, owner, Action.WEBHOOK_CHANGED, endpoint)
    deliver_event.hurry(session, endpoint_id=endpoint.id)


def rotate_secret(session: Session, owner: Member, endpoint: Endpoint) -> str:
    """Give an endpoint a new secret, and return it. The one before signs too for `OLD_SECRET_SIGNS`."""
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, real_time() + OLD_SECRET_SIGNS
    endpoint.secret = _secret()
    _note(session, owner, Action.WEBHOOK_ROTATED, endpoint)
    return endpoint.secret


def remove_endpoint(session: Session, owner: Member, endpoint: Endpoint) -> None:
    """Remove an endpoint and its deliveries."""
    _note(session, owner, Action.WEBHOOK_REMOVED, endpoint)
    session.delete(endpoint)


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
        raise NotFound("There is no such webhook.")
    return found


def must_own(member: Member) -> None:
    """Raise `Forbidden` unless the member is the owner."""
    if member.role is not Membership.OWNER:
        raise Forbidden("Only the owner can manage webhooks.")


def _note(session: Session, owner: Member, action: Action, endpoint: Endpoint) -> None:
    note(session, workspace_id=owner.workspace_id, user_id=owner.user_id, action=action, subject=endpoint.host)


def _secret() -> str:
    return f"whsec_{b64encode(token_bytes(32)).decode()}"


def _chosen(kinds: Collection[EventKind]) -> list[str]:
    if not kinds:
        raise Invalid({"events": ["Choose at least one event."]})
    return sorted(kinds)


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
