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
class BrowserAccess:
    """What a page needs to be a phone: a `token` for a while, and the hosts that it may reach.

    `hosts` are written as in a Content-Security-Policy. `gateway` is the `host:port` of a rehearsal's gateway, "" for
    the carrier's own.
    """

    token: str = field(repr=False)
    hosts: tuple[str, ...]
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with which tokens are signed. The carrier tells its secret once."""

    key: str
    secret: str = field(repr=False)


class BrowserPhones(Protocol):
    """Lets pages be phones. `access` makes no request; the others may raise any `CarrierError`."""

    @property
    def is_set_up(self) -> bool:
        """Whether our settings have a key with which tokens are signed."""
        ...

    def access(self, identity: str, lasting: timedelta) -> BrowserAccess:
        """What lets a page take the calls to `browser_phone(identity)`, and do nothing else, for so long."""
        ...

    def check(self) -> None:
        """Make a request with the key. Raises `Broken` if the carrier does not accept it."""
        ...

    def make_key(self, name: str) -> NewKey:
        """Have the carrier make a new key of this name. Not idempotent; unused keys do no harm."""
        ...
