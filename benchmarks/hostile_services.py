"""What services at members' addresses cost a worker when they are hostile: `python -m benchmarks.hostile_services`.

One floods with 400 MB, one sends a line of its head every second, one never answers.
"""

import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Final

from service.team_notices.handing_over import Handover, hand_over

_BLOCK: Final = b"x" * 65536
_FLOOD: Final = 400 * 1024 * 1024


def main() -> None:
    """Print the seconds and the memory that each of them takes."""
    for behavior in (_quick, _floods, _trickles, _silent):
        before, began = _memory(), time.monotonic()
        trouble = hand_over(Handover(_standing(behavior), "Missed call", "Hello", private=True))
        print(
            f"{behavior.__name__[1:]:9} {trouble or 'taken':9} {time.monotonic() - began:5.1f} s"
            f"   worker +{_memory() - before:.0f} MB   its process at most {_largest_child():.0f} MB so far"
        )


def _standing(behavior: Callable[[socket.socket], None]) -> str:
    server = socket.create_server(("127.0.0.1", 0))
    Thread(target=_answer, args=[server, behavior], daemon=True).start()
    return f"json://127.0.0.1:{server.getsockname()[1]}/"


def _answer(server: socket.socket, behavior: Callable[[socket.socket], None]) -> None:
    connection, _ = server.accept()
    with server, connection:
        connection.recv(65536)
        try:
            behavior(connection)
        except OSError:
            return


def _quick(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def _floods(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % _FLOOD)
    for _ in range(_FLOOD // len(_BLOCK)):
        connection.sendall(_BLOCK)


def _trickles(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Slow: 1\r\n")
        time.sleep(1)


def _silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def _memory() -> float:
    """What this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _largest_child() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
