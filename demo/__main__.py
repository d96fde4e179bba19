"""`python -m demo CASE` plays a journey; the exit code is 0 unless a step failed."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demo import arriving, beginning, moving, registering
from demo.browser import Browser
from demo.outside import Outside
from demo.play import Play
from demo.stage import NotStanding, Stage, standing
from demo.telling import Teller
from laptop import database
from laptop.errors import CannotStart

Step = Callable[[Play], None]

BEGINNING: tuple[Step, ...] = (
    beginning.sign_up,
    beginning.first_visitors,
    registering.texts_wait,
    registering.register,
    registering.texting_is_on,
    moving.bring_number,
    moving.sign,
)
END: tuple[Step, ...] = (arriving.temporary_still_answers, arriving.temporary_goes)
BEFORE: tuple[Step, ...] = (beginning.sign_up, beginning.first_visitors, moving.bring_number)
ONE_BUSINESS: Mapping[str, str] = {"SINGLE_BUSINESS": "true"}
"""Its numbers text without a registration of their own, which the other cases play."""


@dataclass(frozen=True, slots=True)
class Case:
    """A journey: the number that is transferred, its chapters, and the settings by which its deployment differs."""

    number: str
    steps: tuple[Step, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "straight": Case(
        "+12125552671",
        (
            *BEGINNING,
            moving.old_operator_agrees,
            moving.wait_for_the_day,
            arriving.number_arrives,
            arriving.prove,
            arriving.take_back,
            arriving.move_again,
            *END,
        ),
    ),
    "rejected": Case(
        "+12125553156",
        (
            *BEGINNING,
            moving.old_operator_refuses,
            moving.sign,
            moving.old_operator_agrees,
            moving.wait_for_the_day,
            arriving.number_arrives,
            arriving.prove,
            *END,
        ),
    ),
    "early": Case(
        "+12125554101",
        (*BEGINNING, moving.old_operator_agrees, arriving.number_arrives_early, arriving.prove, *END),
    ),
    "telnyx": Case(
        moving.CANADIAN,
        (
            *BEFORE,
            moving.sign_our_letter,
            moving.old_operator_agrees,
            moving.wait_for_the_day,
            arriving.number_arrives,
            arriving.texts_follow,
            arriving.prove,
            arriving.take_back,
            arriving.move_again,
            *END,
        ),
        {**ONE_BUSINESS, "CARRIERS": "telnyx"},
    ),
    "tollfree": Case(
        "+18007362671",
        (
            *BEFORE,
            moving.sign_our_letter,
            moving.old_operator_agrees,
            moving.wait_for_the_day,
            arriving.number_arrives,
            arriving.calls_arrive,
        ),
        {**ONE_BUSINESS, "CARRIERS": "twilio,telnyx"},
    ),
}
"""By the number that is transferred the sandbox decides how the port goes (sandbox/README.md, magic numbers)."""

SPEED = 20.0
"""Seconds of the story in a real one, while the clock is not wound."""


_BEGINNING = """\
Starting a database, a carrier to rehearse with, and the service: web, worker, clock.
The journey begins in a few seconds and takes about a minute; Ctrl-C ends it.
"""


def main(case: str = "straight") -> int:
    """Play a case; the exit code."""
    if case not in CASES:
        sys.stderr.write(f"There is no case “{case}”; there are: {', '.join(CASES)}.\n")
        return 2
    home = Path("var/demo") / case
    try:
        _play(home, CASES[case])
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except (NotStanding, BrokeOff) as failure:
        sys.stderr.write(f"\n{failure}\nThe output of the processes is in {home / 'log'}.\n")
        return 1
    return 0


class BrokeOff(Exception):
    """A step failed; the message names it and the reason."""


def _play(home: Path, case: Case) -> None:
    """Start a deployment and play a case on it. Raises `CannotStart`, `NotStanding` and `BrokeOff`."""
    started = time.monotonic()
    sys.stdout.write(_BEGINNING)
    sys.stdout.flush()
    if url := os.environ.get("DATABASE_URL"):
        database.must_be_empty(url)
    with standing(home, case.settings) as stage:
        teller = _perform(stage, case)
    teller.end(f"Done in {time.monotonic() - started:.0f} seconds. Nobody had to call anybody.")


def _perform(stage: Stage, case: Case) -> Teller:
    outside = Outside(stage.console, stage.carrier_token)
    outside.run_at(SPEED)
    teller = Teller(outside.now)
    play = Play(Browser(stage.pages), outside, teller, case.number)
    for step in case.steps:
        title = str(step.__doc__).removesuffix(".")
        teller.chapter(title)
        try:
            step(play)
        except Exception as failure:
            raise BrokeOff(f"Broke off at “{title}”: {failure}") from failure
    return teller


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
