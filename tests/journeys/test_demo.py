"""The demo: whole journeys through real processes, pages and sockets on the loopback."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def play(case):
    command = [sys.executable, "-m", "demo", case]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603 -- ours


@pytest.mark.parametrize("case", ["straight", "rejected", "early"])
def test_the_demo_plays_to_its_end(case):
    told = play(case)
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr
    assert "Nobody had to call anybody." in told.stdout


def test_the_demo_says_which_cases_there_are():
    told = play("sideways")
    assert told.returncode == 2
    assert "straight, rejected, early" in told.stderr
