"""Signed addresses at which carriers fetch our pictures; they need no account, cannot be guessed, and last a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from service.config import Settings
from service.errors import NotFound
from service.inbox.models import Picture
from service.signing import signer
from service.time import now

GOOD_FOR: Final = timedelta(days=1)
"""Carriers fetch within seconds, and busy ones try again within hours."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What an address stands for: a name in the media, and its MIME type."""

    media: str
    media_type: str


def link_to(settings: Settings, picture: Picture) -> str:
    """The address at which a carrier fetches a picture."""
    until = int((now() + GOOD_FOR).timestamp())
    token = _signer(settings).dumps([picture.media, picture.media_type, until])
    return f"{settings.public_base_url}/media/{token!s}"


def followed(settings: Settings, token: str) -> Linked:
    """What an address stands for. Raises `NotFound` if we did not sign it or its day is over."""
    try:
        media, media_type, until = _signer(settings).loads(token)
    except BadData:
        raise NotFound("There is nothing under this address.") from None
    if datetime.fromtimestamp(until, UTC) < now():
        raise NotFound("This address is no longer good.")
    return Linked(media, media_type)


def _signer(settings: Settings) -> URLSafeSerializer:
    return signer(settings.secret_keys, "media for a carrier")
