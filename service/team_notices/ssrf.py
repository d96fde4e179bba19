"""A guard against server-side request forgery: a member's URL must not reach a private network.

Libraries resolve a name when they connect, and again for each redirect, so checking the URL proves nothing. Checked is
the address that a socket connects to, which Python announces before it connects (PEP 578). The guard stops honest code
that is given a malicious URL; it does not confine hostile code.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from service.errors import Invalid

# IPv6 networks whose addresses hold an IPv4 address, to which a router may translate them
_TRANSLATED: Final = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)

# public by their look: site-local addresses of old, and where clouds (Azure, Oracle) answer their machines alone
_NOT_PUBLIC: Final = (IPv6Network("fec0::/10"), IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))


class PrivateAddress(OSError):
    """A connection into a private network was refused."""


class Guard:
    """Whether a connection was refused: libraries raise errors of their own for it."""

    refused = False


class _Process:
    guard: Guard | None = None


@contextmanager
def public_addresses_only() -> Iterator[Guard]:
    """Refuse connections to other than public addresses, in all threads of this process."""
    _listen()
    _Process.guard = guard = Guard()
    try:
        yield guard
    finally:
        _Process.guard = None


def guarding(*, private: bool) -> AbstractContextManager[Guard]:
    """Refuse connections to other than public addresses, unless `private` allows networks of our own."""
    return nullcontext(Guard()) if private else public_addresses_only()


def must_not_be_private(host: str, *, private: bool) -> None:
    """Raise `Invalid` for the host of a typed URL that is a private address, unless `private` allows these.

    Names are not resolved here: where they lead is seen when something is delivered.
    """
    if not private and (host == "localhost" or (is_address(host) and not is_public(host))):
        raise Invalid({"url": ["This address is in a private network we can’t reach."]})


def is_public(host: str) -> bool:
    """Whether an address (IPv4 or IPv6) is public. False for a name, which can resolve to any address."""
    if not is_address(host):
        return False
    address = ip_address(_bare(host))
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in _TRANSLATED):
            return False
    inside = any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    return address.is_global and not address.is_multicast and not inside


def is_address(host: str) -> bool:
    """Whether a host is an address and not a name."""
    try:
        ip_address(_bare(host))
    except ValueError:
        return False
    return True


def _bare(host: str) -> str:
    return host.partition("%")[0]


@cache
def _listen() -> None:
    sys.addaudithook(_heed)


def _heed(event: str, args: tuple[Any, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        return
    guard, address = _Process.guard, args[1]
    if guard and address is not None and not (isinstance(address, tuple) and is_public(str(address[0]))):
        guard.refused = True
        raise PrivateAddress("a private network is not reached from here")
