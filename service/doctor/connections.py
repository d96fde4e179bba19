"""Checks that the database allows as many connections as the running processes may open."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import text

from service.config import Settings
from service.connections import POOLS, Process, this_process
from service.doctor.findings import Finding, Patient, ok, problem
from service.jobs import Lane
from webhooks.connections import READS

_ALLOWED: Final = text("""
    SELECT least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)
    )
""")
_NAMES: Final = text("""
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'portline %'
""")
_TIMEOUTS: Final = ("statement_timeout", "idle_in_transaction_session_timeout")


def shares(settings: Settings) -> dict[Process, int]:
    """The most connections that one process opens to the database, past a PgBouncer, by what they are for."""
    return {
        Process.WEB: 0 if settings.is_pooled else settings.web_connections,
        Process.PROBE: 0 if settings.is_pooled else 1,
        Process.INTAKE: 1 + READS,
        Process.WORKER: settings.worker_connections + 1,  # its reader listens
        Process.QUEUE: POOLS[Process.QUEUE] + len(Lane),  # each lane listens
        Process.CLOCK: POOLS[Process.CLOCK] + 1,  # on one it leads
        Process.LIVE: POOLS[Process.LIVE] + 1,  # on one it listens
    }


def enough(patient: Patient) -> Finding:
    """The database allows all connections that the processes that run may open, the doctor's own left out."""
    with patient.services.sessions() as session:
        allowed = session.scalar(_ALLOWED) or 0
        running = _running(session.scalars(_NAMES))
    most = shares(patient.services.settings)
    needed = sum(most[kind] for kind, _ in running)
    what = f"The processes that run may open {needed} connections to the database, which allows {allowed}"
    if needed > allowed:
        return problem(
            f"{what}: those that come too late fail.",
            "Raise max_connections, or lower WEB_CONNECTIONS or WORKER_CONNECTIONS; docs/operating.md has the table.",
        )
    return ok(f"{what}.")


def limits(patient: Patient) -> Finding:
    """Statements and idle transactions of pages end, also behind a PgBouncer, which drops what we ask for ourselves."""
    if not patient.services.settings.is_pooled:
        return ok("Pages reach the database directly, which ends what takes too long.")
    with patient.services.sessions() as session:
        endless = [name for name in _TIMEOUTS if session.scalar(text(f"SHOW {name}")) == "0"]
    if endless:
        return problem(
            f"Pages have no limit on: {', '.join(endless)}.",
            "Set it on the role behind PgBouncer; docs/operating.md has the commands.",
        )
    return ok("Statements and idle transactions of pages have a limit.")


def _running(names: Iterable[str]) -> set[tuple[Process, str]]:
    """What each process that runs has connected for: names are as in `portline worker 4711@host-1`."""
    parts = [name.split(" ", 2) for name in names]
    known: Mapping[str, Process] = {kind.value: kind for kind in Process}
    return {(known[kind], who) for _, kind, who in parts if kind in known and who != this_process()}
