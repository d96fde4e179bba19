"""Only out into the world: whatever a customer's URL names, it must not reach into the networks we stand in.

A name is resolved by whatever library connects, perhaps anew for each redirect, so a look at the URL proves nothing.
What counts is the address that a socket is connected to, and Python tells of that before it happens (PEP 578). This
guards honest code against a cunning URL; it is no cage for hostile code.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Final

# where an IPv4 address hides in an IPv6 one, and a router may take it out again
_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))


class Inside(OSError):
    """A connection into a private network was refused."""


class Watch:
    """What a guard has seen: libraries turn a refused connection into errors of their own."""

    refused = False


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def only_outside() -> Iterator[Watch]:
    """Within this, and in this thread, connections go to public addresses only."""
    _listen()
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def is_outside(host: str) -> bool:
    """Whether an address (IPv4 or IPv6) is out in the world; a name is not one, and may lead anywhere."""
    if not is_address(host):
        return False
    address = ip_address(_bare(host))
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_outside(str(address.ipv4_mapped))
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


def is_address(host: str) -> bool:
    """Whether it is an address and not a name."""
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
    watch = _watch.get()
    address = args[1]
    if watch and address is not None and not (isinstance(address, tuple) and is_outside(str(address[0]))):
        watch.refused = True
        raise Inside("a private network is not reached from here")
