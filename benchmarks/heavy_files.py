"""What pictures that were made to fill the memory do to the web processes: `python -m benchmarks.heavy_files`.

A request with ten PNGs of 7000 x 7000 pixels, of 150 kB each, then four such requests at once; then four of as many as
one request may have opened. Memory is that of gunicorn's processes (resident, what they share divided among them) and
of the readers they start.
"""

import io
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from typing import Final
from urllib.parse import urlsplit

from PIL import Image
from sqlalchemy import text

from benchmarks.bakery import PEOPLE
from benchmarks.rig import Rig, environ, standing
from service.accounts import sign_ins
from service.accounts.models import User
from service.app import create_app
from service.inbox.pictures import MOST_PIXELS_TOGETHER
from service.wiring import wire

SIDE: Final = 7000
TOO_MANY: Final = 10
ALLOWED: Final = MOST_PIXELS_TOGETHER // SIDE**2
AT_ONCE: Final = 4
RUNS: Final = ((0, 0), (1, TOO_MANY), (AT_ONCE, TOO_MANY), (AT_ONCE, ALLOWED))
"""Requests at once, and pictures in each."""

LOOK_SECONDS: Final = 0.05
PATH: Final = "/inbox/1"

_CONVERSATION: Final = """
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at)
        VALUES (1, 1, '+14152000001', 'Customer', '', '2026-01-01');
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard) VALUES (1, 1, 1, '2026-02-01', 0);
"""


@dataclass(slots=True)
class Peaks:
    """The most megabytes that were seen of the web processes, and of the readers beside them; the slowest page."""

    web: float = 0
    readers: float = 0
    page_ms: float = 0
    ended: Event = field(default_factory=Event)


def main() -> None:
    """Measure and print."""
    with standing() as rig:
        cookie, token = _on_the_page(rig, _signed_in(rig))
        print(f"PNGs of {SIDE} x {SIDE} pixels  (load {os.getloadavg()[0]:.1f})")
        for requests, pictures in RUNS:
            with _watched(rig) as peaks, ThreadPoolExecutor(AT_ONCE) as pool:
                time.sleep(1)
                send = partial(_send, rig, cookie, token)
                answers = list(pool.map(send, [pictures] * requests))
            told = ", ".join(f"{status} after {seconds:.1f} s" for status, seconds in sorted(answers))
            print(
                f"  {requests} at once of {pictures:2}: web {peaks.web:6.0f} MB  readers {peaks.readers:6.0f} MB"
                f"  a page beside them {peaks.page_ms:5.0f} ms  {told}",
                flush=True,
            )


def _signed_in(rig: Rig) -> str:
    """The cookie of a person with a conversation."""
    os.environ.update(environ(rig.database))
    services = wire()
    with services.sessions.begin() as session:
        session.execute(text(PEOPLE + _CONVERSATION))
        signed_in = sign_ins.begin(session, session.get_one(User, 1), "")
    app = create_app(services)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(signed_in)
    name = app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name)
    return f"{name}={kept.value if kept else ''}"


def _on_the_page(rig: Rig, cookie: str) -> tuple[str, str]:
    """The cookie of a browser that shows the conversation, and the token against forged requests in its form."""
    answer, page = _asked(rig, "GET", PATH, {"Cookie": cookie})
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not found:
        raise SystemExit(f"the conversation was answered {answer.status}")
    return str(answer.getheader("Set-Cookie")).partition(";")[0], found[1]


def _send(rig: Rig, cookie: str, token: str, pictures: int) -> tuple[int, float]:
    """Answer with so many pictures; the status and the seconds it took."""
    boundary = token_hex(16)
    fields = {"csrf_token": token, "text": "Look", "seen": "0"}
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = b'Content-Disposition: form-data; name="pictures"; filename="one.png"\r\nContent-Type: image/png\r\n\r\n'
    parts += [head + _picture()] * pictures
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts) + b"--%b--\r\n" % boundary.encode()
    kind = f"multipart/form-data; boundary={boundary}"
    began = time.perf_counter()
    answer, _ = _asked(rig, "POST", PATH, {"Cookie": cookie, "Content-Type": kind}, body)
    return answer.status, time.perf_counter() - began


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE)).save(made, "PNG")
    return made.getvalue()


def _asked(rig: Rig, method: str, path: str, head: dict[str, str], body: bytes = b"") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection(urlsplit(rig.url).netloc, timeout=300)
    connection.request(method, path, body, head)
    answer = connection.getresponse()
    page = answer.read().decode(errors="replace")
    connection.close()
    return answer, page


@contextmanager
def _watched(rig: Rig) -> Iterator[Peaks]:
    """Look at the memory, and open a page, again and again while the block runs."""
    peaks = Peaks()
    watches = [Thread(target=watch, args=(rig, peaks)) for watch in (_watch_memory, _watch_page)]
    for watch in watches:
        watch.start()
    try:
        yield peaks
    finally:
        peaks.ended.set()
        for watch in watches:
            watch.join()


def _watch_memory(rig: Rig, peaks: Peaks) -> None:
    while not peaks.ended.wait(LOOK_SECONDS):
        workers = _children(rig.server)
        readers = [reader for worker in workers for reader in _children(worker)]
        peaks.web = max(peaks.web, sum(map(_megabytes, workers)))
        peaks.readers = max(peaks.readers, sum(map(_megabytes, readers)))


def _watch_page(rig: Rig, peaks: Peaks) -> None:
    while not peaks.ended.wait(LOOK_SECONDS):
        began = time.perf_counter()
        _asked(rig, "GET", "/sign-in", {})
        peaks.page_ms = max(peaks.page_ms, (time.perf_counter() - began) * 1000)


def _children(pid: int) -> list[int]:
    try:
        files = list(Path(f"/proc/{pid}/task").glob("*/children"))
        return [int(child) for file in files for child in file.read_text().split()]
    except FileNotFoundError:  # it has ended
        return []


def _megabytes(pid: int) -> float:
    """The memory of a process: resident, what it shares divided among those that share it."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
