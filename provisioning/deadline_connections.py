"""Connections to carriers on which no request is written after its deadline.

Looking up a host, connecting and TLS take a while; so the deadline is asked once more when they are done, and again
between the head of a request and its body. A carrier does not act on a request whose body is missing.
"""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from provisioning import deadline


def session() -> requests.Session:
    """A session of such connections."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session


class _Plain(HTTPConnection):
    def send(self, data: Any) -> None:  # noqa: ANN401 -- the library's own
        _connect_in_time(self)
        super().send(data)


class _Encrypted(HTTPSConnection):
    def send(self, data: Any) -> None:  # noqa: ANN401 -- the library's own
        _connect_in_time(self)
        super().send(data)


def _connect_in_time(connection: HTTPConnection) -> None:
    """Connect if that is still to be done. Raises `TooLate`, with which the library closes the connection."""
    if connection.sock is None:
        connection.connect()
    deadline.insist()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- the library's own
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
