"""Detects a restoration: the rows come from another server, database or timeline than the one connected to."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.carrier_cursors import Cursor
from service.ledger.restorations import Restoration
from service.restoring.restored import restored
from service.services import Services
from service.time import now

_THIS_DATABASE = text("""
    SELECT concat_ws('.', system_identifier, oid, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))
    FROM pg_control_system(), pg_database WHERE datname = current_database()
""")
"""The ids of the server and the database, and the timeline, which changes after a point-in-time recovery."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7077459) FROM set_config('lock_timeout', '0', true)")
"""Waits for another process that notices it at the same time, however long that takes."""


def notice_restoration(services: Services) -> bool:
    """Do what `flask restored` does if the rows come from another database; whether they do. Call it before sending.

    A backup restored into the database that it was made of is not detected. Moving to another server and failing over
    to a replica count as restorations, which costs a few requests to the carrier and nothing else.
    """
    with services.sessions.begin() as session:
        session.execute(_ONE_AT_A_TIME)
        here = this_database(session)
        known = session.scalar(select(Restoration.identity).order_by(Restoration.id.desc()).limit(1))
        if known is None:
            session.add(Restoration(identity=here))
        elif known != here:
            _restored_unannounced(session, services, here)
        return known not in {None, here}


def this_database(session: Session) -> str:
    """An identity that changes when the rows are copied to another database."""
    return str(session.execute(_THIS_DATABASE).scalar_one())


def _restored_unannounced(session: Session, services: Services, here: str) -> None:
    as_of = newest(session)
    restored(session, as_of, here)
    alert(session, AlertKind.DATABASE_RESTORED, services.home, as_of=as_of.isoformat())


def newest(session: Session) -> datetime:
    """A time (aware) at or shortly before which the backup was made, estimated from its rows.

    Each carrier is caught up with every two minutes, while it answers. A day ago if none ever was.
    """
    return session.scalar(select(func.min(Cursor.reached_at))) or now() - timedelta(days=1)
