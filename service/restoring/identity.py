"""Which database this is: another server, database or history than the rows come from tells of a restoration."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.backfill.models import Cursor
from service.ledger.restorations import Restoration
from service.restoring.restored import restored
from service.services import Services
from service.time import now

_THIS_DATABASE = text("""
    SELECT concat_ws('.', system_identifier, oid, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))
    FROM pg_control_system(), pg_database WHERE datname = current_database()
""")
"""The server's own id, the database's, and the timeline, which is a new one after a recovery to a point in time."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7077459)")


def notice_restoration(services: Services) -> bool:
    """Do what `flask restored` does if the rows come from another database; for before anything is sent.

    Not noticed is a backup that is put back into the very database it was made of; and moving to another server, or
    failing over to a replica, counts as a restoration, which costs looks at the carrier and nothing else.
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
    """What tells this database from one that its rows are copied to."""
    return str(session.execute(_THIS_DATABASE).scalar_one())


def _restored_unannounced(session: Session, services: Services, here: str) -> None:
    as_of = newest(session)
    restored(session, as_of, here)
    alert(session, AlertKind.DATABASE_RESTORED, services.home, as_of=as_of.isoformat())


def newest(session: Session) -> datetime:
    """When the backup was made, as far as its rows tell; never later than it was.

    A carrier is caught up with every two minutes while it answers. A day ago, if it never was.
    """
    return session.scalar(select(func.min(Cursor.reached_at))) or now() - timedelta(days=1)
