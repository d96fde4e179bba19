"""Measure how soon a text is on the screen of Chromium after its callback was kept, and what 1,000 open pages cost.

Everything of `make run` is started. The pages are streams that a process of their own reads, of 200 workspaces; the
first half of the time nothing happens, in the other half twenty conversations a second change. Ends by itself.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import which
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

import aiohttp
import psycopg
import requests
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from benchmarks.bakery import PEOPLE, shops
from benchmarks.rig import free_port, process, processor_seconds, wait_for
from laptop import database, processes, rehearsal
from service.accounts import sign_ins
from service.accounts.models import User
from service.app import create_app
from service.services import Services
from service.wiring import wire

TEXTS: Final = 60
PAGES: Final = 1_000
WORKSPACES: Final = 200
SECONDS: Final = 15
A_SECOND: Final = 20
WANTED_SECONDS: Final = 1.0

# the bakery is the first; each of the others has a line with one conversation, and five pages open
_OTHERS: Final = f"""{shops(WORKSPACES)}
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at)
        SELECT n, n, '+14155550123', '', '', '2026-01-01' FROM generate_series(2, {WORKSPACES}) n;
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard)
        SELECT n, n, n, '2026-02-01', 0 FROM generate_series(2, {WORKSPACES}) n;
    SELECT setval(pg_get_serial_sequence(name, 'id'), 1000)
        FROM unnest(ARRAY['workspaces', 'lines', 'users', 'contacts', 'conversations']) name;
"""  # noqa: S608 -- a number of ours
_CHANGE: Final = "UPDATE conversations SET changed_at = clock_timestamp() WHERE id = %s"

# notes when a text of ours is first on the page, in milliseconds since 1970
_WATCH: Final = """() => {
    window.seen = {};
    new MutationObserver(() => {
        for (const text of document.body.innerText.match(/order \\d+ is/g) || [])
            window.seen[text] ||= performance.timeOrigin + performance.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, _running(Path(name)) as (ports, live):
        services = wire()
        for first, (place, path) in enumerate({"list": "/inbox/", "thread": "/inbox/1001"}.items()):
            took = _on_screen(ports, services, path, 1 + first * (TEXTS + 1))
            p50, p95 = quantiles(took, n=20)[9], quantiles(took, n=20)[18]
            print(f"text kept to on screen, {place}: p50 {p50:.2f} s, p95 {p95:.2f} s of {len(took)} (load {_load()})")
            assert p95 <= WANTED_SECONDS
        asyncio.run(_cost(ports, live, _cookies(services)))


@contextmanager
def _running(home: Path) -> Iterator[tuple[rehearsal.Ports, int]]:
    """Run everything while the block runs; the ports, and the process id of `live`."""
    ports = rehearsal.Ports(*(free_port() for _ in range(4)))
    with database.running(home / "database") as url, ExitStack() as running:
        settings = {"LOG_LEVEL": "WARNING", "TRUSTED_PROXIES": "1"}
        environ = {**os.environ, **rehearsal.environ(home, url, ports), **settings}
        processes.run_once("release", environ)
        with psycopg.connect(url) as connection:
            connection.execute(PEOPLE + _OTHERS)
        pids = {}
        for name, command in processes.of_one_machine().items():
            pids[name] = running.enter_context(process(["sh", "-c", f"exec {command}"], environ)).pid
        wait_for(ports.web)
        wait_for(ports.live)
        os.environ.update(environ)
        yield ports, pids["live"]


def _on_screen(ports: rehearsal.Ports, services: Services, path: str, first: int) -> list[float]:
    """The seconds that each text took from its thanks, given once it is kept, to the open page.

    The list shows the latest text alone: one that a later one has overtaken counts until that is seen.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.context.add_cookies([{"name": "session", "value": _cookies(services)[0], "url": ports.pages}])
        _text(ports, f"order {first} is")  # so that there is a conversation
        time.sleep(2)
        page.goto(ports.pages + path)
        page.evaluate(_WATCH)
        page.wait_for_timeout(2_000)
        kept = {}
        for number in range(first + 1, first + 1 + TEXTS):
            _text(ports, f"order {number} is")
            kept[number] = time.time()
            page.wait_for_timeout(600)
        page.wait_for_timeout(3_000)
        seen = _seen(page)
        browser.close()
    return [min(at for other, at in seen.items() if other >= number) - at for number, at in kept.items()]


def _seen(page: Page) -> dict[int, float]:
    """When each text was first on the page, in seconds since 1970, by its number."""
    seen: dict[str, float] = page.evaluate("() => window.seen")
    return {int(words.split()[1]): at / 1000 for words, at in seen.items()}


def _text(ports: rehearsal.Ports, words: str) -> None:
    """Post a signed callback about a text."""
    sid = f"SM{abs(hash((words, time.time()))):032d}"[:34]
    body = {"MessageSid": sid, "From": "+14155550123", "To": "+14155550188", "Body": words, "NumMedia": "0"}
    body |= {"AccountSid": rehearsal.ACCOUNT, "SmsStatus": "received"}
    url = f"{ports.pages}/webhooks/twilio/message"
    signature = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"]).compute_signature(url, body)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    requests.post(url, data=urlencode(body), headers=headers, timeout=10).raise_for_status()


def _cookies(services: Services) -> Sequence[str]:
    """The cookie of each workspace's owner, signed in anew; the bakery's first."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(create_app(services))
    assert serializer
    with services.sessions.begin() as session:
        owners = session.scalars(select(User).order_by(User.id)).all()
        return [serializer.dumps(sign_ins.begin(session, owner, "benchmark")) for owner in owners]


async def _cost(ports: rehearsal.Ports, live: int, cookies: Sequence[str]) -> None:
    """Print what the open pages take of memory and processor."""
    empty, heard = _memory(live), list[float]()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=_NEVER) as client:
        began = time.perf_counter(), processor_seconds(live)
        ready = [asyncio.Event() for _ in range(PAGES)]
        pages = [_listen(client, ports, cookies, number, ready[number], heard) for number in range(PAGES)]
        tasks = [asyncio.create_task(page) for page in pages]
        await asyncio.gather(*(event.wait() for event in ready))
        print(
            f"{PAGES} pages open in {time.perf_counter() - began[0]:.1f} s,"
            f" {processor_seconds(live) - began[1]:.1f} s of processor;"
            f" {empty / 1024:.0f} MB without, {(_memory(live) - empty) / PAGES:.0f} kB a page"
        )
        print(f"idle: {await _share(live, asyncio.sleep(SECONDS)):.1%} of a core (load {_load()})")
        busy = await _share(live, asyncio.to_thread(_change))
        p50, p95 = quantiles(heard, n=20)[9], quantiles(heard, n=20)[18]
        print(f"{A_SECOND} changes a second, each on five pages: {busy:.1%} of a core")
        print(f"changed to heard: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms of {len(heard)}")
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


_NEVER: Final = aiohttp.ClientTimeout(total=None)
_CHANGED: Final[dict[int, float]] = {}


async def _listen(
    client: aiohttp.ClientSession,
    ports: rehearsal.Ports,
    cookies: Sequence[str],
    number: int,
    ready: asyncio.Event,
    heard: list[float],
) -> None:
    """An open page of one of the owners, from one of ten networks."""
    headers = {"Cookie": f"session={cookies[number % WORKSPACES]}", "X-Forwarded-For": f"10.0.{number % 10}.1"}
    async with client.get(f"http://127.0.0.1:{ports.live}/live", headers=headers) as stream:
        assert stream.status == requests.codes.ok, stream.status
        async for line in stream.content:
            ready.set()
            if line.startswith(b"data: conversation "):
                heard.append(time.perf_counter() - _CHANGED.get(int(line.split()[2]), time.perf_counter()))


def _change() -> None:
    """Change conversations of the shops in turn, `A_SECOND` times a second."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for number in range(SECONDS * A_SECOND):
            row = 2 + number % (WORKSPACES - 1)
            _CHANGED[row] = time.perf_counter()
            connection.execute(_CHANGE, [row])
            time.sleep(1 / A_SECOND)


async def _share(pid: int, meanwhile: "asyncio.Future[None] | object") -> float:
    """The share of a core that a process takes while something else is awaited."""
    began = time.perf_counter(), processor_seconds(pid)
    await meanwhile  # type: ignore[misc]
    return (processor_seconds(pid) - began[1]) / (time.perf_counter() - began[0])


def _memory(pid: int) -> int:
    """The memory that a process holds, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
