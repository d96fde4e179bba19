"""Two transactions that want the same rows."""

from time import sleep

from sqlalchemy import text


def until_blocked(services):
    """Wait until another transaction waits for a lock of this one."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with services.sessions() as session:
            if session.scalar(waiting):
                return
        sleep(0.01)
    raise AssertionError("nobody waits")
