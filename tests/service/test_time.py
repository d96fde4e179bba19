"""One clock, and a rehearsal's that both sides read."""

from datetime import UTC, datetime, timedelta

from sandbox.clock import RehearsalClock as SandboxClock
from service.time import RehearsalClock, real_time


def test_a_rehearsal_shows_the_time_the_sandbox_has_set(tmp_path):
    theirs = SandboxClock(tmp_path / "clock.json", start=datetime(2026, 3, 2, tzinfo=UTC))
    ours = RehearsalClock(tmp_path / "clock.json")
    assert abs(ours() - theirs.now()) < timedelta(seconds=1)
    theirs.jump(timedelta(days=9))
    assert abs(ours() - theirs.now()) < timedelta(seconds=1)


def test_without_its_file_the_rehearsal_shows_the_real_time(tmp_path):
    assert abs(RehearsalClock(tmp_path / "none")() - real_time()) < timedelta(seconds=1)
