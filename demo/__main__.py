"""`python -m demo [straight|rejected|early]`: play a journey; the exit code is 0 unless a step failed."""

import os
import sys
import time
from collections.abc import Callable, Sequence
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
CASES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "straight": (
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
    "rejected": (
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
    "early": (
        "+12125554101",
        (*BEGINNING, moving.old_operator_agrees, arriving.number_arrives_early, arriving.prove, *END),
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
    number, steps = CASES[case]
    home = Path("var/demo") / case
    try:
        _play(home, number, steps)
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except (NotStanding, BrokeOff) as failure:
        sys.stderr.write(f"\n{failure}\nThe output of the processes is in {home / 'log'}.\n")
        return 1
    return 0


class BrokeOff(Exception):
    """A step failed; the message names it and the reason."""


def _play(home: Path, number: str, steps: Sequence[Step]) -> None:
    """Start a deployment and play the steps on it. Raises `CannotStart`, `NotStanding` and `BrokeOff`."""
    started = time.monotonic()
    sys.stdout.write(_BEGINNING)
    sys.stdout.flush()
    if url := os.environ.get("DATABASE_URL"):
        database.must_be_empty(url)
    with standing(home) as stage:
        teller = _perform(stage, number, steps)
    teller.end(f"Done in {time.monotonic() - started:.0f} seconds. Nobody had to call anybody.")


def _perform(stage: Stage, number: str, steps: Sequence[Step]) -> Teller:
    outside = Outside(stage.console, stage.carrier_token)
    outside.run_at(SPEED)
    teller = Teller(outside.now)
    play = Play(Browser(stage.pages), outside, teller, number)
    for step in steps:
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
