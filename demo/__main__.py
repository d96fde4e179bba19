"""`python -m demo [straight|rejected|early]`: exit code 0, or another one and the step that failed."""

import sys
import time
from collections.abc import Callable, Sequence

from demo import arriving, beginning, moving
from demo.browser import Browser
from demo.outside import Outside
from demo.play import Play
from demo.stage import LOG, standing
from demo.telling import Teller

Step = Callable[[Play], None]

BEGINNING: tuple[Step, ...] = (beginning.sign_up, beginning.first_visitors, moving.bring_number, moving.sign)
END: tuple[Step, ...] = (arriving.prove, arriving.temporary_still_answers, arriving.temporary_goes)
CASES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "straight": (
        "+14155552671",
        (*BEGINNING, moving.old_operator_agrees, moving.wait_for_the_day, arriving.number_arrives, *END),
    ),
    "rejected": (
        "+14155553156",
        (
            *BEGINNING,
            moving.old_operator_refuses,
            moving.sign,
            moving.old_operator_agrees,
            moving.wait_for_the_day,
            arriving.number_arrives,
            *END,
        ),
    ),
    "early": ("+14155554101", (*BEGINNING, moving.old_operator_agrees, arriving.number_arrives_early, *END)),
}
"""The number that is brought along decides at the sandbox how its port goes (sandbox/README.md, magic numbers)."""

SPEED = 20.0
"""Seconds of the story in one of ours, while nobody winds the clock."""


def main(case: str = "straight") -> int:
    """Play a case; the exit code."""
    if case not in CASES:
        sys.stderr.write(f"There is no case “{case}”; there are: {', '.join(CASES)}.\n")
        return 2
    number, steps = CASES[case]
    started = time.monotonic()
    with standing() as stage:
        outside = Outside(stage.console)
        outside.run_at(SPEED)
        play = Play(Browser(stage.pages), outside, Teller(outside.now), number)
        code = _perform(play, steps)
    if code == 0:
        play.teller.end(f"Done in {time.monotonic() - started:.0f} seconds. Nobody had to call anybody.")
    return code


def _perform(play: Play, steps: Sequence[Step]) -> int:
    for step in steps:
        title = str(step.__doc__).removesuffix(".")
        play.teller.chapter(title)
        try:
            step(play)
        except Exception as failure:  # noqa: BLE001 -- whatever it was, the story says where it broke off
            sys.stderr.write(f"\nBroke off at “{title}”: {failure}\nWhat the processes said is in {LOG}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
