"""Refuse to start where somebody else already listens, in words."""

import socket

from laptop.rehearsal import Ports


class Taken(Exception):
    """A port is in use; the message says which, and how to name another."""


def must_be_free(face: Ports) -> None:
    """Raises `Taken` for the first port that somebody listens on."""
    for setting, port in face.by_setting().items():
        if answers(port):
            raise Taken(
                f"Port {port} is taken. Stop what listens there, or name another: make run {setting}={port + 100}"
            )


def answers(port: int) -> bool:
    """Whether somebody listens on this port of the loopback."""
    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex(("127.0.0.1", port)) == 0
