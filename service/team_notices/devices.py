"""Browsers as channels: one to which a member lets us push notices (https://www.w3.org/TR/push-api/).

Such a channel belongs to the sign-in of its browser, so signing out there, or being signed out, deletes it.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid.utils import b64urldecode
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.access import lines_for
from service.accounts.models import Member, SignIn
from service.errors import Conflict, Invalid, NotFound
from service.services import Services
from service.team_notices.channels import choices_of, choose, must_have_room
from service.team_notices.models import CHOSEN, TeamChannel, TeamEvent
from service.vapid import public_key

_PUSH_SERVICES: Final = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""The hosts of the browsers' push services, or what those end with."""

_ENDPOINT: Final = re.compile(r"https://([a-z0-9.-]+)/[!-~]*", re.IGNORECASE)
"""How an endpoint looks. Of anything else libraries disagree about the host: a backslash ends it for some."""

_SECRET_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives us to reach it: the address at its push service, and the keys to encrypt with."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def count_devices(session: Session, *, not_for: str) -> int:
    """How many browsers take notices of another public key than this one."""
    others = select(func.count()).where(TeamChannel.vapid_key != not_for, TeamChannel.off_at.is_(None))
    return session.scalar(others) or 0


def add_device(
    session: Session, services: Services, member: Member, sign_in: SignIn, subscription: Subscription
) -> TeamChannel:
    """Push notices to a browser: of every event but the digest, on each line that the member sees.

    A browser that is a channel already keeps its choices, and is turned on again.

    Raises:
        Invalid: the browser's keys or address cannot be read.
        Conflict: the host is not one of `_PUSH_SERVICES`, or the member has as many channels as one may.
    """
    _check(subscription)
    device = _device_of(session, member, sign_in.id)
    if device is None:
        must_have_room(session, member)
        device = TeamChannel(member_id=member.id, sign_in_id=sign_in.id, name=sign_in.browser or "Web")
    _hand_over(services, device, subscription)
    if device not in session:
        session.add(device)
        session.flush()
        _choose_for(session, member, str(device.id))
    return device


def renew_device(session: Session, services: Services, sign_in: SignIn, subscription: Subscription) -> None:
    """Push to another address of a browser from now on, in all workspaces of its person.

    Raises `NotFound` if it is no channel any more, and as `add_device`.
    """
    _check(subscription)
    for device in devices_of(session, sign_in):
        _hand_over(services, device, subscription)


def devices_of(session: Session, sign_in: SignIn) -> list[TeamChannel]:
    """The channels to a browser, one for each workspace of its person. Raises `NotFound` if there is none."""
    devices = list(session.scalars(select(TeamChannel).where(TeamChannel.sign_in_id == sign_in.id).with_for_update()))
    if not devices:
        raise NotFound("We can’t find that one. It may have been removed.")
    return devices


def _hand_over(services: Services, device: TeamChannel, subscription: Subscription) -> None:
    keys = asdict(subscription)
    device.url, device.push_keys = keys.pop("endpoint"), json.dumps(keys)
    device.vapid_key = public_key(services.settings.vapid_key)
    device.off_at, device.failures, device.trouble = None, 0, ""


def _device_of(session: Session, member: Member, sign_in_id: int) -> TeamChannel | None:
    here = TeamChannel.member_id == member.id, TeamChannel.sign_in_id == sign_in_id
    return session.scalar(select(TeamChannel).where(*here))


def _check(subscription: Subscription) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64urldecode(subscription.p256dh.encode()))
        whole = len(b64urldecode(subscription.auth.encode())) == _SECRET_BYTES
    except ValueError:
        whole = False
    if not whole:
        raise Invalid({"endpoint": ["This browser sent something we don’t understand. Reload the page and try again."]})
    if not _is_of_browsers(subscription.endpoint):
        raise Conflict("We can’t send notifications to this browser. Chrome, Edge, Firefox and Safari work.")


def _is_of_browsers(endpoint: str) -> bool:
    address = _ENDPOINT.fullmatch(endpoint)
    return address is not None and f".{address[1].lower()}".endswith(tuple(f".{host}" for host in _PUSH_SERVICES))


def _choose_for(session: Session, member: Member, device: str) -> None:
    for line in lines_for(session, member):
        chosen = choices_of(session, member, line)
        also = [event for event in CHOSEN if event is not TeamEvent.DIGEST]
        choose(session, member, line, chosen | {event: [*chosen[event], device] for event in also})
