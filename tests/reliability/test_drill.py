"""The drill's table: it passes with zeros only."""

from importlib.util import find_spec

import pytest

from reliability.drill import DRILLS, Ended, report
from reliability.rig import SKIPPED, zeros

GOOD = Ended("skew", 71.6, 0, "168 entries\n  zeros: 0 doubled, 0 still owed\n")


def test_the_table_shows_every_drill_with_its_zeros(capsys):
    assert report([GOOD]) == 0
    assert capsys.readouterr().out.splitlines()[2] == "skew              72  0 doubled, 0 still owed"


@pytest.mark.parametrize(
    ("code", "printed", "shown"),
    [
        (1, "  zeros: 3 doubled\n", "3 doubled  FAILED: var/drill/flood.log"),
        (1, "", "it failed  FAILED: var/drill/flood.log"),
        (0, "nothing was counted\n", "it failed  FAILED: var/drill/flood.log"),
        (None, "", "its time was over  FAILED: var/drill/flood.log"),
    ],
)
def test_one_drill_that_failed_fails_them_all(capsys, code, printed, shown):
    assert report([GOOD, Ended("flood", 2.0, code, printed)]) == 1
    assert capsys.readouterr().out.splitlines()[3].endswith(shown)


def test_a_drill_that_this_machine_cannot_play_says_why_and_fails_nothing(capsys):
    assert report([Ended("failover", 0.4, SKIPPED, "  skipped: there is no etcd on this machine.\n")]) == 0
    assert capsys.readouterr().out.splitlines()[2].endswith("skipped: there is no etcd on this machine.")


def test_a_drill_that_ends_without_a_reason_is_not_skipped(capsys):
    assert report([Ended("failover", 0.4, SKIPPED, "")]) == 1


def test_a_figure_that_is_not_zero_is_the_exit_code_of_its_harness(capsys):
    assert (zeros(doubled=0, still_owed=0), zeros(doubled=0, still_owed=1)) == (0, 1)
    assert capsys.readouterr().out.splitlines()[1] == "  zeros: 0 doubled, 1 still owed"


def test_every_drill_is_a_harness():
    assert all(find_spec(f"reliability.{name}") for name in DRILLS)
