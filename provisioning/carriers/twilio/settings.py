"""The carrier's settings, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one account.

    `old_token` also verifies callbacks while tokens are rotated. `primary_profile` is the account's own approved
    business profile, on which those of its customers build; `registration_email` hears how their reviews go. Tokens for
    phones in browsers are signed with `api_key`; `browser_gateway` (`host:port`) is where they connect in a rehearsal.
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

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings. Raises `ValueError` naming the one that is missing or malformed."""
        base_url = environ.get("TWILIO_BASE_URL", "")
        if base_url and not base_url.startswith(("http://", "https://")):
            raise ValueError("TWILIO_BASE_URL must be an absolute http(s) URL")
        primary, email = environ.get("TWILIO_PRIMARY_PROFILE_SID", ""), environ.get("TWILIO_REGISTRATION_EMAIL", "")
        if primary and not email:
            raise ValueError("TWILIO_PRIMARY_PROFILE_SID needs TWILIO_REGISTRATION_EMAIL beside it")
        key, secret = environ.get("TWILIO_API_KEY_SID", ""), environ.get("TWILIO_API_KEY_SECRET", "")
        if bool(key) != bool(secret):
            raise ValueError("TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET need each other")
        return cls(
            account_sid=_required(environ, "TWILIO_ACCOUNT_SID"),
            auth_token=_required(environ, "TWILIO_AUTH_TOKEN"),
            old_token=environ.get("TWILIO_AUTH_TOKEN_OLD", ""),
            messaging_service=environ.get("TWILIO_MESSAGING_SERVICE_SID", ""),
            primary_profile=primary,
            registration_email=email,
            api_key=key,
            api_secret=secret,
            browser_gateway=environ.get("TWILIO_BROWSER_GATEWAY", ""),
            base_url=base_url,
        )

    @property
    def credentials(self) -> tuple[str, str]:
        """The user name and password for HTTP Basic authentication."""
        return self.account_sid, self.auth_token

    @property
    def signing_tokens(self) -> tuple[str, ...]:
        """The tokens that a callback may be signed with, the present one first."""
        return tuple(token for token in (self.auth_token, self.old_token) if token)


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise ValueError(f"the setting {name} is missing")
    return value
