"""How well dates are read in a corpus of look-alike bills; docs/bills.md states the same figures."""

from pathlib import Path

import pytest

from benchmarks.bills.__main__ import scored, table
from benchmarks.bills.corpus import bills

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("part", ["layouts", "held_out"])
def test_few_good_bills_are_called_old_and_few_old_ones_are_missed(part):
    score = scored(bills(part))
    assert min(score.fresh, score.old) > 500
    assert score.false_alarms / score.fresh <= 0.02
    assert score.missed / score.old <= 0.05


def test_the_page_tells_what_the_command_prints():
    told = (ROOT / "docs" / "bills.md").read_text()
    assert "\n".join(table()) in told, "run: python -m benchmarks.bills"
