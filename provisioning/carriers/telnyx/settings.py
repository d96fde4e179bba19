"""The carrier's settings, read once from the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.carriers.telnyx.signatures import public_key
from provisioning.price_list import read_prices_of_account


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one account.

    `account` is its id (a UUID), which stands in the paths of calls. `old_public_key` also verifies callbacks while
    keys are rotated. `outbound_profile` is the outbound voice profile (the carrier's id of it) whose rules hold for
    calls that we place. `campaign` is that of an installation which texts under one registration of its own.
    `prices` is a file with the prices of the account, "" for those that others tell of.
    """

    api_key: str = field(repr=False)
    public_key: str
    account: str = ""
    old_public_key: str = ""
    outbound_profile: str = ""
    campaign: str = ""
    prices: str = ""
    base_url: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings. Raises `ValueError` naming all that are missing or malformed, each on a line."""
        settings = cls(
            api_key=environ.get("TELNYX_API_KEY", ""),
            public_key=environ.get("TELNYX_PUBLIC_KEY", ""),
            account=environ.get("TELNYX_ACCOUNT_ID", ""),
            old_public_key=environ.get("TELNYX_PUBLIC_KEY_OLD", ""),
            outbound_profile=environ.get("TELNYX_OUTBOUND_PROFILE_ID", ""),
            campaign=environ.get("TELNYX_CAMPAIGN_ID", ""),
            prices=environ.get("TELNYX_PRICES", ""),
            base_url=environ.get("TELNYX_BASE_URL", ""),
        )
        if faults := list(settings._faults()):
            raise ValueError("\n".join(faults))
        return settings

    def _faults(self) -> Iterator[str]:
        if not self.api_key:
            yield "TELNYX_API_KEY: must be set"
        if not self.public_key:
            yield "TELNYX_PUBLIC_KEY: must be set"
        if not self.account:
            yield "TELNYX_ACCOUNT_ID: must be set"
        for name, key in (("TELNYX_PUBLIC_KEY", self.public_key), ("TELNYX_PUBLIC_KEY_OLD", self.old_public_key)):
            if key and not _is_key(key):
                yield f"{name}: must be 32 bytes in base64, as the carrier's portal shows it"
        if self.prices and not _is_price_list(self.prices):
            yield "TELNYX_PRICES: must name a file like the carrier's prices.toml"
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            yield "TELNYX_BASE_URL: must be an absolute http(s) URL"

    @property
    def signing_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """The keys that a callback may be signed with, the present one first."""
        return tuple(public_key(key) for key in (self.public_key, self.old_public_key) if key)


def _is_key(written: str) -> bool:
    try:
        public_key(written)
    except ValueError:
        return False
    return True


def _is_price_list(path: str) -> bool:
    try:
        read_prices_of_account(path)
    except ValueError:
        return False
    return True
