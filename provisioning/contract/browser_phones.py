"""Phones in browsers: a page takes the calls that we place to it. It is called like a number, as `browser:IDENTITY`.

A page cannot place calls by itself: what it may do is only to be called. Calls out are ordered by us, as all others.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

SCHEME: Final = "browser:"


def browser_phone(identity: str) -> str:
    """What is dialed to ring the page of an identity: letters, digits and `_`, at most 100 of them."""
    return f"{SCHEME}{identity}"


def is_browser(dialed: str) -> bool:
    """Whether what is dialed is a phone in a browser."""
    return dialed.startswith(SCHEME)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with which tokens are signed. The carrier tells its secret once."""

    key: str
    secret: str = field(repr=False)


class BrowserPhones(Protocol):
    """Lets pages be phones. `check` and `make_key` may raise any `CarrierError`; the others make no request."""

    @property
    def is_set_up(self) -> bool:
        """Whether our settings have a key with which tokens are signed."""
        ...

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that a page must reach, as written in a Content-Security-Policy."""
        ...

    @property
    def script(self) -> bytes | None:
        """The JavaScript with which a page is a phone, as the class `CarrierPhone`; None until it was fetched."""
        ...

    @property
    def gateway(self) -> str:
        """The `host:port` of a rehearsal's gateway, or "" for the carrier's own."""
        ...

    def token(self, identity: str, lasting: timedelta) -> str:
        """A token that lets a page take the calls to `browser_phone(identity)`, and do nothing else, for so long."""
        ...

    def check(self) -> None:
        """Make a request with the key. Raises `Broken` if the carrier does not accept it."""
        ...

    def make_key(self, name: str) -> NewKey:
        """Have the carrier make a new key of this name. Not idempotent; unused keys do no harm."""
        ...
