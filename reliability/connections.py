"""`python -m reliability.connections`: the database allows few connections, and everybody wants some.

First it allows twenty, which workers take all of; callbacks are kept on those that `web` has opened before. Then it
allows what `docs/operating.md` says that the processes need, and each takes its share; then the same with pages behind
PgBouncer. Texts come in all the while, and people open pages. `--naive` is the control: the workers come first.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Final
from uuid import uuid4

import psycopg
import requests
from flask import Flask
from sqlalchemy.orm import Session

from laptop.postgres import Server
from reliability import database, pgbouncer
from reliability.crew import Role
from reliability.customers import owe_message, until_all_can_text
from reliability.kills import compare, load_on_a_new_line
from reliability.load import Load
from reliability.rig import Rig, say, standing_on, zeros
from service.accounts import sign_ins
from service.accounts.models import User
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from service.app import create_app
from service.connections import Process
from service.doctor.connections import shares
from service.language import Language

FEW: Final = 20
CROWD: Final = {"worker": Role.WORKER, "worker 2": Role.WORKER, "worker 3": Role.WORKER, "clock": Role.CLOCK}
REST: Final = {"worker": Role.WORKER, "clock": Role.CLOCK, "another clock": Role.CLOCK}
WEB_PROCESSES: Final = 2
OF_WEB: Final = (Process.WEB, Process.PROBE, Process.INTAKE)
OURS: Final = 4
"""Connections of the harness, which writes texts and looks."""

SENDERS: Final = 4
VISITORS: Final = 4
PAGES: Final = ("/inbox/", "/readyz")
PATIENCE: Final = 60.0
STARTS: Final = 5.0
"""Seconds in which `web` starts."""

_SEEN: Final = "SELECT application_name, count(*) FROM pg_stat_activity WHERE usename = 'portline' GROUP BY 1"


class Visitors:
    """People who open pages, one after the other; which statuses they saw."""

    def __init__(self, rig: Rig) -> None:
        self.seen: Counter[int] = Counter()
        self._rig, self._over, app = rig, Event(), create_app(rig.services)
        people = [_signed_in(rig, app) for _ in range(VISITORS)]
        self._threads = [Thread(target=self._visit, args=[cookies], daemon=True) for cookies in people]

    @property
    def refused(self) -> int:
        """How many pages were not shown."""
        return sum(count for status, count in self.seen.items() if status != 200)  # noqa: PLR2004

    def begin(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop after the page that is being opened."""
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _visit(self, cookies: dict[str, str]) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.cookies.update(cookies)
            while not self._over.wait(0.05):
                for page in PAGES:
                    self.seen[_status(session, self._rig.environ["PUBLIC_BASE_URL"] + page)] += 1


def _status(session: requests.Session, url: str) -> int:
    """The status of a page, 0 if it never came."""
    try:
        return session.get(url, timeout=PATIENCE, allow_redirects=False).status_code
    except requests.RequestException:
        return 0


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if no callback or page was refused and nobody took more than its share."""
    parser = argparse.ArgumentParser(prog="python -m reliability.connections")
    parser.add_argument("--seconds", type=float, default=30, help="of each of the three")
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments)
    with database.running() as server:
        url = _own_database(server)
        with standing_on(server, url, REHEARSAL_CLOCK="", WEB_CONNECTIONS="9", WORKER_CONNECTIONS="8") as rig:
            rig.crew.start("worker", Role.WORKER)
            load = load_on_a_new_line(rig)
            until_all_can_text(rig)
            rig.crew.remove("worker")
            refused = _few(rig, load.another(), size.seconds, naive=size.naive)
            if size.naive:
                return zeros(refused=refused)
            over, closed = _shares(rig, load.another(), size.seconds)
            return zeros(refused=refused + closed, over_their_share=over, **_through_pgbouncer(rig, load, size.seconds))


def _few(rig: Rig, load: Load, seconds: float, *, naive: bool) -> int:
    """Play while workers have taken all connections; how many callbacks were refused."""
    if not naive:
        _start_web(rig)
    _allow(rig, FEW)
    for name, role in CROWD.items():
        rig.crew.start(name, role)
    taken = _until_all_are_taken(rig)
    if naive:
        rig.crew.start("web", Role.WEB)
        time.sleep(STARTS)
    load.begin(SENDERS)
    time.sleep(seconds)
    _allow(rig, -1)
    load.end()
    say(f"{FEW} connections allowed, {taken} taken: {len(load.taken)} callbacks kept, {load.failures} refused")
    _stop(rig, [*CROWD, "web"])
    return load.failures


def _shares(rig: Rig, load: Load, seconds: float) -> tuple[int, int]:
    """Play with what is needed and no more; how often somebody had more than its share, and what was refused."""
    share = shares(rig.services.settings)
    _allow(rig, needed := _needed(share))
    _start_web(rig)
    over, refused = _play(rig, load, share, seconds)
    say(
        f"{needed} connections allowed, which is what all may open: {len(load.taken)} callbacks kept, {refused} refused"
    )
    return over, refused


def _through_pgbouncer(rig: Rig, load: Load, seconds: float) -> dict[str, int]:
    """The same with pages behind PgBouncer; what has to be zero."""
    if pgbouncer.PROGRAM is None:
        say("  PgBouncer is not on this machine (Debian: apt install pgbouncer): not played")
        return _kept(rig, load)
    direct = rig.environ["DATABASE_URL"]
    share = shares(rig.services.settings) | dict.fromkeys((Process.WEB, Process.PROBE), pgbouncer.CONNECTIONS)
    behind = share | dict.fromkeys((Process.WEB, Process.PROBE), 0)
    with pgbouncer.in_front_of(direct) as pooled:
        _allow(rig, needed := _needed(behind) + pgbouncer.CONNECTIONS)
        _start_web(rig, DATABASE_URL=pooled, DIRECT_DATABASE_URL=direct)
        over, refused = _play(rig, load, share, seconds)
    say(f"{needed} connections allowed, {pgbouncer.CONNECTIONS} of them PgBouncer's: {len(load.taken)} callbacks kept,")
    say(f"  {refused} callbacks or pages refused")
    return {"behind_pgbouncer_refused": refused, "over_their_share_then": over, **_kept(rig, load)}


def _play(rig: Rig, load: Load, share: Mapping[Process, int], seconds: float) -> tuple[int, int]:
    """Texts both ways and pages for so long; how often somebody had more than its share, and what was refused."""
    for name, role in REST.items():
        rig.crew.start(name, role)
    visitors, over, until = Visitors(rig), 0, time.monotonic() + seconds
    load.begin(SENDERS)
    visitors.begin()
    while time.monotonic() < until:
        owe_message(rig.services, load.number, f"Text of {time.monotonic()}")
        over += _over(share, _seen(rig))
        time.sleep(0.3)
    load.end()
    visitors.end()
    rig.until_done(PATIENCE)
    say(f"  pages opened, by their status: {dict(visitors.seen)}")
    _stop(rig, [*REST, "web"])
    return over, load.failures + visitors.refused


def _kept(rig: Rig, load: Load) -> dict[str, int]:
    """Whether what was thanked for is there once, and all texts have left."""
    rig.crew.start("worker", Role.WORKER)
    seen = compare(rig, load)
    return {"lost": seen.lost, "not_in_the_inbox": seen.missing, "doubled": seen.doubled, "still_owed": rig.owed()}


def _needed(share: Mapping[Process, int]) -> int:
    """What `docs/operating.md` says that these processes may open in all, and ours."""
    worker = share[Process.WORKER] + share[Process.QUEUE]
    return WEB_PROCESSES * sum(share[kind] for kind in OF_WEB) + worker + 2 * share[Process.CLOCK] + OURS


def _over(share: Mapping[Process, int], seen: Mapping[str, int]) -> int:
    """How many have more than their share, of names as in `portline worker 4711@host-1`."""
    kinds = {kind.value: most for kind, most in share.items()}
    return sum(count > kinds.get(name.split()[1], count) for name, count in seen.items())


def _seen(rig: Rig) -> dict[str, int]:
    """How many connections each has for each of its purposes, the harness's own left out."""
    with psycopg.connect(rig.database.url) as connection:
        rows = connection.execute(_SEEN).fetchall()
    return {name: count for name, count in rows if name.startswith("portline ")}


def _until_all_are_taken(rig: Rig) -> int:
    until, taken = time.monotonic() + PATIENCE, 0
    while taken < FEW and time.monotonic() < until:
        taken = sum(_seen(rig).values())
        time.sleep(0.2)
    return taken


def _start_web(rig: Rig, **changes: str) -> None:
    """Start it, and wait until it has opened what it keeps callbacks on."""
    rig.crew.start("web", Role.WEB, **changes)
    until = time.monotonic() + PATIENCE
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < until:
            with suppress(requests.RequestException):
                if session.get(rig.environ["PUBLIC_BASE_URL"] + "/readyz", timeout=5).ok and _intakes(rig):
                    return
            time.sleep(0.2)
    raise TimeoutError("web did not start")


def _intakes(rig: Rig) -> bool:
    return sum(" intake " in name for name in _seen(rig)) == WEB_PROCESSES


def _stop(rig: Rig, names: list[str]) -> None:
    for name in names:
        rig.crew.remove(name)


def _allow(rig: Rig, connections: int) -> None:
    """From now on the database takes so many of ours, those that are open included; any number if -1."""
    with psycopg.connect(rig.database.url, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE portline CONNECTION LIMIT {connections:d}".encode())


def _own_database(server: Server) -> str:
    """Make a role whose connections are counted, and its database; the address."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE portline LOGIN")
        connection.execute("CREATE DATABASE portline OWNER portline")
    return server.url.replace("//postgres@/postgres?", "//portline@/portline?")


def _signed_in(rig: Rig, app: Flask) -> dict[str, str]:
    """The cookie of somebody who has just signed up."""
    with rig.services.sessions.begin() as session:
        user = _new_user(session, rig)
        signed_in = sign_ins.begin(session, user, "Firefox, Windows", second_step=False)
    with app.test_client() as browser:
        with browser.session_transaction() as cookie:
            cookie.update(signed_in)
        name = app.config["SESSION_COOKIE_NAME"]
        kept = browser.get_cookie(name)
    return {name: kept.value} if kept else {}


def _new_user(session: Session, rig: Rig) -> User:
    """Somebody who has signed up and confirmed the address; a number is bought for the line."""
    user = sign_up(
        session,
        rig.services,
        asked_by="a browser",
        email=f"{uuid4().hex}@bakery.example",
        business="Alice's Bakery",
        name="Alice",
        language=Language.ENGLISH,
        zone="America/New_York",
        area="415",
    )
    session.flush()
    confirm(session, rig.services, user)
    return user


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
