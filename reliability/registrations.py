"""`python -m reliability.registrations`: businesses register at a carrier that loses and refuses, by troubled workers.

Each business pays two fees: one as it is registered, one for the review of what it texts. Every tenth answer of the
carrier is lost after the work was done, every tenth request is turned away. Some workers are killed with SIGKILL all
the while, others stopped for longer than a lease at any point of an entry. In the end there is one fee for each entry
that has one, and none more.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from provisioning.contract.registration import Industry, LegalForm
from reliability.audit import doubled
from reliability.crew import Role
from reliability.rig import Rig, say, standing, zeros
from service.accounts.models import Workspace
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.parked import look_again, parked
from service.registration.pools import business_for
from service.registration.submitting import begin

PAID: Final = (EntryKind.REGISTER_BUSINESS, EntryKind.REGISTER_PROGRAM)
GRACE: Final = 10
"""Seconds of a lease; a pause lasts two more."""

TROUBLED: Final = ("*/BrandRegistrations", "*/Usa2p", "*/Services")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is: `nodes` are killed, `paused` are stopped, `patience` is how many seconds it may take."""

    businesses: int
    kills: int
    nodes: int
    paused: int
    patience: float


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if each entry that came to its end cost exactly one fee."""
    size = _size(arguments)
    with (
        tempfile.NamedTemporaryFile("r") as stops,
        standing(
            LEDGER_GRACE_SECONDS=str(GRACE), SINGLE_BUSINESS="", STOPS=stops.name, STOP_SECONDS=str(GRACE + 2)
        ) as rig,
    ):
        _begin(rig, size.businesses)
        rig.world.faults.seed(1)
        for path in TROUBLED:
            rig.world.faults.add("lose-after", path=path, rate=0.1)
            rig.world.faults.add("throttle", path=path, rate=0.1)
        began = time.monotonic()
        _work_under_kills(rig, size)
        rig.world.faults.clear()
        rig.until_done(120)
        return _tell(rig, size, len(Path(stops.name).read_text().split()), time.monotonic() - began)


def _size(arguments: list[str]) -> Size:
    parser = argparse.ArgumentParser(prog="python -m reliability.registrations")
    parser.add_argument("--businesses", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--paused", type=int, default=4)
    parser.add_argument("--patience", type=float, default=7200)
    return Size(**vars(parser.parse_args(arguments)))


def _begin(rig: Rig, count: int) -> None:
    """Have businesses begin to register."""
    for number in range(count):
        with rig.services.sessions.begin() as session:
            workspace = Workspace(name=f"Bakery {number}")
            session.add(workspace)
            session.flush()
            business = business_for(session, workspace.id)
            for name, answer in _answers(number).items():
                setattr(business, name, answer)
            begin(session, rig.services, business, 1950)


def _answers(number: int) -> dict[str, object]:
    """The answers of one business; no two have a tax number, an address or an e-mail address in common."""
    name, site = f"Bakery {number} LLC", f"https://bakery{number}.example"
    return {
        "legal_name": name,
        "legal_form": LegalForm.LLC,
        "industry": Industry.FOOD,
        "tax_id": f"{10 + number // 500}-{3000000 + number}",
        "street": f"{number + 1} Main Street",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
        "website": site,
        "first_name": "Alice",
        "last_name": "Baker",
        "email": f"alice@bakery{number}.example",
        "phone": f"+1415{2002000 + number}",  # the registry refuses one that ten businesses have given
        "description": f"{name} answers customers who asked for a text message about their order.",
        "flow": f"At {site}/texts the visitor types a number and ticks an empty box to get texts.",
        "samples": [f"{name}: your cake is ready. Reply STOP to opt out.", f"{name}: we got your order. Reply HELP."],
        "help_text": f"{name}: call 415-555-2000. STOP ends texts.",
        "stop_text": f"{name}: you get no more texts.",
        "privacy_url": f"{site}/privacy",
        "terms_url": f"{site}/terms",
    }


def _work_under_kills(rig: Rig, size: Size) -> None:
    """Spread the kills over the work; the clock goes on all the while, so that businesses are decided."""
    dice = random.Random(1)  # noqa: S311 -- repeatable, not secret
    nodes = [f"node {number}" for number in range(size.nodes)]
    for node in nodes:
        rig.crew.start(node, Role.WORKER)
    for number in range(size.paused):
        rig.crew.start(f"paused {number}", Role.STOPPED_WORKER)
    rig.crew.start("clock", Role.CLOCK)
    until = time.monotonic() + size.patience
    while (done := _done(rig)) < len(PAID) * size.businesses and time.monotonic() < until:
        time.sleep(dice.uniform(0.2, 0.6))
        if rig.crew.killed < size.kills * done / (len(PAID) * size.businesses) + 1:
            rig.crew.kill_and_restart(dice.choice(nodes))
        _let_parked_go_on(rig)
        # what was submitted is decided and asked about; as long as something is owed there is less to wait for
        rig.world.exchange.clock.jump(timedelta(seconds=20) if rig.owed() else timedelta(minutes=3))


def _let_parked_go_on(rig: Rig) -> None:
    """Do what operators are told to do with an entry whose worker was stopped at each of its tries."""
    with rig.services.sessions.begin() as session:
        for entry in parked(session):
            say(f"  {entry.tag} ({entry.kind}) is parked: looked for again")
            look_again(session, entry.tag)


def _done(rig: Rig) -> int:
    """How many entries that have a fee are at their end."""
    ended = LedgerEntry.progress.in_([Progress.DONE, Progress.PARKED, Progress.REFUSED])
    counted = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind.in_(PAID), ended)
    with rig.services.sessions() as session:
        return session.scalar(counted) or 0


def _tell(rig: Rig, size: Size, pauses: int, took: float) -> int:
    with rig.world.exchange.lock:
        fees, twice = Counter(fee.reason for fee in rig.world.state.fees), doubled(rig.world.state)
    progress = rig.progress()
    say(f"{size.businesses} businesses, {rig.crew.killed} kills with SIGKILL, {pauses} pauses, {took:.0f} s")
    done = _done(rig)
    say(f"  entries with a fee: {done} at their end, {len(PAID) * size.businesses - done} not due yet")
    say(f"  fees: {fees['brand']} of businesses, {fees['review']} of reviews")
    missing = done - fees["brand"] - fees["review"]
    return zeros(fees_missing=missing, paid_twice=len(twice), parked=progress[Progress.PARKED], still_owed=rig.owed())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
