"""The demo: whole journeys through real processes, pages and sockets on the loopback."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def begin(case):
    command = [sys.executable, "-m", "demo", case]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- ours


def test_the_demo_plays_each_of_its_cases_to_its_end():
    """Side by side, since each waits most of its time, and since two people of one machine may do the same."""
    playing = {case: begin(case) for case in ("straight", "rejected", "early")}
    ended = {case: demo.communicate(timeout=300) for case, demo in playing.items()}
    for case, (told, trouble) in ended.items():
        assert playing[case].returncode == 0, f"{case}: {told[-2000:]}{trouble}"
        assert "Nobody had to call anybody." in told
        refused, delivered = told.index("error 30034"), told.index("We are, from eight to noon.")
        assert refused < delivered


def test_the_demo_says_which_cases_there_are():
    demo = begin("sideways")
    _, trouble = demo.communicate(timeout=60)
    assert demo.returncode == 2
    assert "straight, rejected, early, telnyx, tollfree" in trouble
