"""Phones in browsers: access tokens for the Voice SDK (https://www.twilio.com/docs/iam/access-tokens), and API keys.

The token has no application for calls out, so a page can only be called.
"""

from datetime import timedelta
from typing import Final

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.rest import Client

from provisioning.carriers.twilio import voice_sdk
from provisioning.carriers.twilio.client import connect, understood
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.browser_phones import NewKey
from provisioning.http import Outgoing

HOSTS: Final = (
    "wss://voice-js.roaming.twilio.com",
    "https://eventgw.twilio.com",
    "https://eventgw.us1.twilio.com",
)
"""Signalling, and the SDK's reports on the quality of calls.

https://www.twilio.com/docs/voice/sdks/network-connectivity-requirements
"""


class TwilioBrowserPhones:
    """The facet of browser phones."""

    def __init__(self, client: Client, outgoing: Outgoing, settings: Settings) -> None:
        self._client = client
        self._outgoing = outgoing
        self._settings = settings

    @property
    def is_set_up(self) -> bool:
        """Whether an API key is set."""
        return bool(self._settings.api_key)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Those of the carrier, or of the rehearsal's gateway."""
        return (f"wss://{self.gateway}", f"https://{self.gateway}") if self.gateway else HOSTS

    @property
    def script(self) -> bytes | None:
        """The Voice SDK."""
        return voice_sdk.script()

    @property
    def gateway(self) -> str:
        """The rehearsal's gateway, or ""."""
        return self._settings.browser_gateway

    def token(self, identity: str, lasting: timedelta) -> str:
        """Sign a token with the SDK."""
        token = AccessToken(
            self._settings.account_sid,
            self._settings.api_key,
            self._settings.api_secret,
            identity=identity,
            ttl=int(lasting.total_seconds()),
        )
        token.add_grant(VoiceGrant(incoming_allow=True))
        return str(token.to_jwt())

    def check(self) -> None:
        """Fetch one call with the key: a standard key may read calls, but not the account."""
        key = self._settings.api_key, self._settings.api_secret
        with understood():
            connect(self._settings, self._outgoing, key).calls.list(limit=1, page_size=1)

    def make_key(self, name: str) -> NewKey:
        """Make a standard key (https://www.twilio.com/docs/iam/api-keys/key-resource-v2010)."""
        with understood():
            made = self._client.new_keys.create(friendly_name=name)
            return NewKey(str(made.sid), str(made.secret))
