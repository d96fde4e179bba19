"""The carrier's settings, read once from the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one account.

    `old_token` also verifies callbacks while tokens are rotated. `primary_profile` is the account's own approved
    business profile, on which those of its customers build; `registration_email` hears how their reviews go. Tokens for
    phones in browsers are signed with `api_key`; `browser_gateway` (`host:port`) is where they connect in a rehearsal.
    Other operators have to name `port_out_passcode` to port a number away.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    old_token: str = field(default="", repr=False)
    messaging_service: str = ""
    primary_profile: str = ""
    registration_email: str = ""
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    browser_gateway: str = ""
    base_url: str = ""
    port_out_passcode: str = field(default="", repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings. Raises `ValueError` naming all that are missing or malformed, each on a line."""
        settings = cls(
            account_sid=environ.get("TWILIO_ACCOUNT_SID", ""),
            auth_token=environ.get("TWILIO_AUTH_TOKEN", ""),
            old_token=environ.get("TWILIO_AUTH_TOKEN_OLD", ""),
            messaging_service=environ.get("TWILIO_MESSAGING_SERVICE_SID", ""),
            primary_profile=environ.get("TWILIO_PRIMARY_PROFILE_SID", ""),
            registration_email=environ.get("TWILIO_REGISTRATION_EMAIL", ""),
            api_key=environ.get("TWILIO_API_KEY_SID", ""),
            api_secret=environ.get("TWILIO_API_KEY_SECRET", ""),
            browser_gateway=environ.get("TWILIO_BROWSER_GATEWAY", ""),
            base_url=environ.get("TWILIO_BASE_URL", ""),
            port_out_passcode=environ.get("TWILIO_PORT_OUT_PASSCODE", ""),
        )
        if faults := list(settings._faults()):
            raise ValueError("\n".join(faults))
        return settings

    def _faults(self) -> Iterator[str]:
        if not self.account_sid:
            yield "TWILIO_ACCOUNT_SID: must be set"
        if not self.auth_token:
            yield "TWILIO_AUTH_TOKEN: must be set"
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            yield "TWILIO_BASE_URL: must be an absolute http(s) URL"
        if self.primary_profile and not self.registration_email:
            yield "TWILIO_PRIMARY_PROFILE_SID: needs TWILIO_REGISTRATION_EMAIL beside it"
        if bool(self.api_key) != bool(self.api_secret):
            yield "TWILIO_API_KEY_SID: needs TWILIO_API_KEY_SECRET beside it, and the other way round"

    @property
    def credentials(self) -> tuple[str, str]:
        """The user name and password for HTTP Basic authentication."""
        return self.account_sid, self.auth_token

    @property
    def signing_tokens(self) -> tuple[str, ...]:
        """The tokens that a callback may be signed with, the present one first."""
        return tuple(token for token in (self.auth_token, self.old_token) if token)
