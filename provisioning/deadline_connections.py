"""Connections to carriers on which no request begins after its deadline.

Looking up a host, connecting and TLS take a while; so the deadline is asked once more when they are done, microseconds
before the first byte of the request is written.
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
    def endheaders(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- the library's own
        _connect_in_time(self)
        super().endheaders(*args, **options)


class _Encrypted(HTTPSConnection):
    def endheaders(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- the library's own
        _connect_in_time(self)
        super().endheaders(*args, **options)


def _connect_in_time(connection: HTTPConnection) -> None:
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
