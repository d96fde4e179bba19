"""While numbers are ported under one fault after the other, no call or text is lost, and no notice is sent twice."""

import os
import sys
from statistics import median, quantiles

import pytest

from reliability.audit import unexplained
from tests.conftest import PLATFORM_NUMBER
from tests.reliability import invariants
from tests.reliability.waves import ENDINGS, KINDS, Seen, Wave

PORTS = int(os.environ.get("CUTOVER_PORTS", "4"))
AT_ONCE = len(ENDINGS) if len(ENDINGS) <= PORTS else 2


@pytest.fixture(scope="session")
def seen():
    """All waves of a run; the last one prints the results."""
    return Seen()


def figures(seen):
    yield f"{sum(map(len, seen.waits.values()))} ports"
    for early, waits in seen.waits.items():
        if waits:
            p99 = quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0]
            yield f"  {len(waits)} ports {'shown before their day' if early else 'shown only after completion'}:"
            yield f"    both legs configured after {median(waits):.0f} s (median), {p99:.0f} s (p99)"
    yield from (f"  {fate}: {count}" for fate, count in sorted(seen.fates.items()))
    yield f"  reached nothing of ours: {len(seen.lost)}"
    yield f"  doubled: {len(seen.doubled)}, unfinished: {len(seen.unfinished)}"
    yield from (f"    {one}" for one in [*seen.lost, *seen.doubled, *seen.unfinished][:20])


def test_no_call_or_text_is_lost_while_numbers_come_in(harness, seen):
    left, wave = PORTS, 0
    while left > 0:
        Wave(harness, seen, KINDS[wave % len(KINDS)], seed=wave).play(min(left, AT_ONCE))
        with harness.services.sessions() as session:
            invariants.nothing_is_done_twice(harness, session)
            seen.unfinished += unexplained(session, harness.world.state, PLATFORM_NUMBER)
        left, wave = left - AT_ONCE, wave + 1
        sys.stdout.write("\n".join(["", *figures(seen), ""]))
        sys.stdout.flush()
    assert (seen.lost, seen.doubled, seen.unfinished) == ([], [], [])
