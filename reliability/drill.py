"""`make drill`: every disaster of real operation once, one after the other; a table of what has to be zero.

Each drill is a harness of its own, in a process of its own, and may take what is left of fifteen minutes. What its
processes say stands in `var/drill`.
"""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reliability.rig import SKIPPED, say

DRILLS: Final[Mapping[str, Sequence[str]]] = {
    "restore": ("--customers", "2"),
    "pauses": ("--pauses", "50", "--workers", "4", "--minutes", "3"),
    "skew": (),
    "frozen": (),
    "flood": (),
    "rings": ("--calls", "60"),
    "failover": ("--deaths", "2", "--cuts", "1"),
    "connections": ("--seconds", "10"),
}
"""The harnesses and their sizes."""

SECONDS: Final = 15 * 60.0
LOGS: Final = Path("var") / "drill"

_ZEROS: Final = re.compile(r"^  zeros: (.+)$", re.MULTILINE)
_WHY: Final = re.compile(r"^  (skipped: .+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a drill ended: its exit code, None if its time was over, and what it printed."""

    name: str
    seconds: float
    code: int | None
    printed: str

    @property
    def zeros(self) -> str:
        """The figures that have to be zero, or why there are none."""
        if found := (_WHY if self.is_skipped else _ZEROS).search(self.printed):
            return found[1]
        return "its time was over" if self.code is None else "it failed"

    @property
    def is_good(self) -> bool:
        """Whether it came to its end and all its figures are zero, or cannot be played on this machine."""
        return self.is_skipped or (self.code == 0 and bool(_ZEROS.search(self.printed)))

    @property
    def is_skipped(self) -> bool:
        """Whether this machine lacks what it needs, and it said so."""
        return self.code == SKIPPED and bool(_WHY.search(self.printed))


def main() -> int:
    """Run all and print; the exit code is 0 if every figure is zero."""
    LOGS.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + SECONDS
    return report([_play(name, size, until) for name, size in DRILLS.items()])


def report(drills: Sequence[Ended]) -> int:
    """Print the table; the exit code."""
    say(f"\n{'drill':<12}{'seconds':>8}  zeros")
    for drill in drills:
        say(
            f"{drill.name:<12}{drill.seconds:>8.0f}  {drill.zeros}{'' if drill.is_good else f'  FAILED: {_log(drill)}'}"
        )
    say(f"{'':<12}{sum(drill.seconds for drill in drills):>8.0f}")
    return int(not all(drill.is_good for drill in drills))


def _play(name: str, size: Sequence[str], until: float) -> Ended:
    say(f"{name}:")
    began = time.monotonic()
    command = [sys.executable, "-m", f"reliability.{name}", *size]
    with (LOGS / f"{name}.log").open("w") as log:
        playing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)  # noqa: S603 -- our own
        try:
            printed, _ = playing.communicate(timeout=max(until - began, 1))
        except subprocess.TimeoutExpired:
            playing.terminate()
            printed, _ = playing.communicate()
            return Ended(name, time.monotonic() - began, None, printed)
    say(printed.rstrip())
    return Ended(name, time.monotonic() - began, playing.returncode, printed)


def _log(drill: Ended) -> Path:
    return LOGS / f"{drill.name}.log"


if __name__ == "__main__":
    sys.exit(main())
