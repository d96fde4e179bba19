"""Pushing a notice to a browser, by the push service that the browser chose, which cannot read it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any, Final

from pywebpush import WebPusher

from service.bounded import NotRead, TooMuch, read_apart
from service.config import Settings
from service.team_notices.handing_over import BOUNDS, Trouble
from service.team_notices.models import TeamChannel, TeamEvent, TeamNotice
from service.team_notices.push_request import sent
from service.team_notices.wording import Worded, worded
from service.time import now, real_time
from service.vapid import public_key, signature

KEPT: Final = timedelta(days=1)
"""How long a push service keeps a notice for a browser that is switched off."""

_SIGNED: Final = timedelta(hours=12)
"""How long a signature is good; push services take none of more than a day (RFC 8292, section 2)."""

_DECLARATIVE: Final = 8030
"""Says that the browser may show the notice without our worker: https://webkit.org/blog/16535/."""

_FORGOTTEN: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
"""What a push service answers when the browser wants no more notices (RFC 8030, section 7.3)."""


@dataclass(frozen=True, slots=True)
class Push:
    """An encrypted notice for the push service at `endpoint`. `private` allows private networks."""

    endpoint: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: str = field(repr=False)
    private: bool


def encrypted(settings: Settings, notice: TeamNotice, channel: TeamChannel) -> Push | None:
    """A notice for the browser of a channel; None if that only takes notices of a key that we no longer have."""
    if not settings.vapid_key or public_key(settings.vapid_key) != channel.vapid_key:
        return None
    words = worded(notice, settings)
    message = {"web_push": _DECLARATIVE, "notification": _shown(notice, words, channel)}
    pusher = WebPusher({"endpoint": channel.url, "keys": json.loads(channel.push_keys or "{}")})
    body = pusher.encode(json.dumps(message, ensure_ascii=False).encode())["body"]
    private = settings.notices_into_private_networks
    return Push(channel.url, _headers(settings, notice, channel.url), b64encode(body).decode(), private)


def hand_to_push_service(push: Push | None) -> Trouble | None:
    """Hand a notice over, within the bounds that all outside services have. Returns why it failed, or None."""
    if push is None:
        return Trouble.KEY_CHANGED
    try:
        status = read_apart(sent, json.dumps(asdict(push)).encode(), BOUNDS)
    except (TooMuch, NotRead):
        return Trouble.NOT_PUSHED
    if status in _FORGOTTEN:
        return Trouble.GONE
    return None if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES else Trouble.NOT_PUSHED


def _shown(notice: TeamNotice, words: Worded, channel: TeamChannel) -> dict[str, Any]:
    """The notice as a browser shows it. One that comes twice replaces itself, by its tag.

    That a call is over is shown without a sound: browsers demand that each notice is shown.
    """
    if channel.shows_words:
        title, body = words.title, notice.facts.get("words") or words.text
    else:
        title, body = words.hidden, notice.line.name if notice.line else ""
    return {
        "title": title,
        "body": body,
        "navigate": words.body.link,
        "lang": words.language,
        "dir": "auto",
        "tag": _tag(notice),
        **({"silent": True} if notice.event is TeamEvent.CALL_OVER else {}),
    }


def _tag(notice: TeamNotice) -> str:
    return str(notice.facts.get("tag", f"notice-{notice.id}"))


def _kept(notice: TeamNotice) -> timedelta:
    """How long the push service is to keep a notice."""
    until = notice.facts.get("until")
    return max(datetime.fromisoformat(until) - now(), timedelta()) if until else KEPT


def _headers(settings: Settings, notice: TeamNotice, endpoint: str) -> dict[str, str]:
    until = int((real_time() + _SIGNED).timestamp())
    signed = signature(settings.vapid_key, endpoint, parseaddr(settings.mail_from)[1], until)
    return {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(_kept(notice).total_seconds())),
        "Topic": _tag(notice),
        "Urgency": "high",
        # Microsoft's service wants it:
        # https://learn.microsoft.com/windows/apps/design/shell/tiles-and-notifications/push-request-response-headers
        "X-WNS-Type": "wns/raw",
    }
