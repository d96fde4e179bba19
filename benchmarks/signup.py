"""Measure the time from a confirmed address to the first number, compared with the carrier's part in it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from benchmarks.rig import free_port, process, wait_for
from laptop import database, processes, rehearsal
from provisioning.contract.numbers import Wanted
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from service.language import Language
from service.lines.inventory import lines_of, numbers_of
from service.lines.models import Standing
from service.services import Services
from service.wiring import wire

SIGN_UPS: Final = 30
_LOOK_SECONDS: Final = 0.002
_PATIENCE_SECONDS: Final = 20


def main() -> None:
    """Measure and print."""
    with _standing() as services:
        _signed_up(services)
        whole = [_signed_up(services) for _ in range(SIGN_UPS)]
        carrier = [_bought(services) for _ in range(SIGN_UPS)]
    beyond = median(whole) - median(carrier)
    print(f"sign-up to number, {SIGN_UPS} one after the other")
    print(f"  from the confirmed address    {median(whole) * 1000:6.0f} ms median, {max(whole) * 1000:.0f} ms longest")
    print(f"  the carrier alone             {median(carrier) * 1000:6.0f} ms median (one search, one purchase)")
    print(f"  beyond the carrier            {beyond * 1000:6.0f} ms (wanted at most 300)")
    print(f"  ratio to the carrier alone    {median(whole) / median(carrier):6.2f}")


def _signed_up(services: Services) -> float:
    """Sign up and confirm; the seconds from that commit until the number is held."""
    workspace = _confirmed(services)
    began = time.perf_counter()
    while not _is_there(services, workspace):
        _wait(began)
    return time.perf_counter() - began


def _wait(began: float) -> None:
    if time.perf_counter() - began > _PATIENCE_SECONDS:
        raise TimeoutError("the number never came")
    time.sleep(_LOOK_SECONDS)


def _confirmed(services: Services) -> int:
    """Sign up a person and confirm the address; the id of the workspace."""
    with services.sessions.begin() as session:
        user = sign_up(
            session,
            services,
            asked_by="a browser",
            email=f"{uuid4().hex}@bakery.example",
            business="Bakery",
            name="",
            language=Language.ENGLISH,
            zone="America/New_York",
            area="415",
        )
        session.flush()
        workspace = user.memberships[0].workspace_id
        confirm(session, services, user)
    return workspace


def _is_there(services: Services, workspace: int) -> bool:
    with services.sessions() as session:
        line = lines_of(session, workspace)[0]
        return any(number.standing is Standing.HELD for number in numbers_of(session, line.id))


def _bought(services: Services) -> float:
    """The seconds that the carrier takes to search and buy, asked directly."""
    numbers = services.network(services.home).numbers
    began = time.perf_counter()
    found = numbers.search(Wanted("US", "415"))
    numbers.buy(found[0].number, uuid4().hex, services.routing(services.home))
    return time.perf_counter() - began


@contextmanager
def _standing() -> Iterator[Services]:
    """Run a database, the sandbox and one worker while the block runs, with the settings of `make run`."""
    ports = rehearsal.Ports(*(free_port() for _ in range(4)))
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as url, ExitStack() as running:
        quiet = {"PURCHASE_CAP": "1000", "PURCHASES_PER_DAY": "1000", "LOG_LEVEL": "WARNING"}
        environ = {**os.environ, **rehearsal.environ(Path(name), url, ports), **quiet}
        processes.run_once("release", environ)
        for module in ("sandbox", "service.worker"):
            running.enter_context(process([sys.executable, "-m", module], environ))
        wait_for(ports.sandbox)
        os.environ.update(environ)
        yield wire()


if __name__ == "__main__":
    main()
