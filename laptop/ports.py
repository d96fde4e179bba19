"""Whether a port is free, or a server listens there."""

import socket

from laptop.errors import CannotStart
from laptop.rehearsal import Ports

LOOPBACK = "127.0.0.1"


def must_be_free(ports: Ports) -> None:
    """Raises `CannotStart` for the first port that a server listens on already or that this user may not have."""
    for setting, port in ports.by_setting().items():
        if is_listening(port):
            raise CannotStart(
                f"Port {port} is taken. Stop what listens there, or name another: make run {setting}={port + 100}"
            )
        try:
            socket.create_server((LOOPBACK, port)).close()
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}). Name another: make run {setting}={8000 + port % 1000}"
            ) from None


def is_listening(port: int) -> bool:
    """Whether a server accepts connections at this port of the loopback."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0
