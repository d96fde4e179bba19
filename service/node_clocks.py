"""Compares the clocks of our machines with the database's. A process whose machine's clock is far off does nothing.

Its clock tells a process what is due. With a wrong one it would send notices at night, release numbers early, and look
at the carrier for the wrong hour.
"""

import socket
import time
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.alerts import AlertKind, alert_once_in
from service.connections import Process
from service.db import Base, Key, database_now, run_alone
from service.services import Services
from service.time import FAR_OFF, apart, real_time

WATCHED_EVERY: Final = timedelta(seconds=30)
ALERTED_EVERY: Final = timedelta(hours=1)

REMEMBERED: Final = timedelta(minutes=5)
"""How long after its last row a process counts as ended."""


class ClockFarOff(Exception):
    """This machine's clock is more than a minute from the database's."""


class NodeClock(Base):
    """How far the clock of a process was ahead, measured at `seen_at` (by the database's clock)."""

    __tablename__ = "node_clocks"

    id: Mapped[Key]
    node: Mapped[str] = mapped_column(String(300), unique=True)
    seconds_ahead: Mapped[float]
    seen_at: Mapped[datetime]


def is_right(services: Services, process: Process) -> bool:
    """Write down how far this machine's clock is ahead, and alert operators if it is far off.

    True if the database cannot be asked: what a process does next fails or waits without it.
    """
    try:
        with services.sessions.begin() as session:
            ahead = _ahead(session)
            session.execute(delete(NodeClock).where(NodeClock.seen_at < func.clock_timestamp() - timedelta(days=1)))
        _note(services, f"{socket.gethostname()} ({process})", ahead)
    except OperationalError:
        return True
    return abs(ahead) <= FAR_OFF


def wait_until_right(services: Services, process: Process) -> None:
    """Return once this machine's clock agrees with the database's."""
    while not is_right(services, process):
        time.sleep(WATCHED_EVERY.total_seconds())


def seen(session: Session) -> dict[str, timedelta]:
    """How far the clock of each running worker and clock process is ahead of the database's, by node."""
    rows = select(NodeClock).where(NodeClock.seen_at > func.clock_timestamp() - REMEMBERED).order_by(NodeClock.node)
    return {row.node: timedelta(seconds=row.seconds_ahead) for row in session.scalars(rows)}


def _ahead(session: Session) -> timedelta:
    asked = real_time()
    there = database_now(session)
    return apart(there, asked, real_time())


def _note(services: Services, node: str, ahead: timedelta) -> None:
    """Write the row alone: other processes of the machine write it too, and must not wait for one that is stopped."""
    now = {"seconds_ahead": ahead.total_seconds(), "seen_at": func.clock_timestamp()}
    row = insert(NodeClock).values(node=node, **now)
    run_alone(services.sessions, row.on_conflict_do_update(index_elements=["node"], set_=now))
    if abs(ahead) > FAR_OFF:
        seconds = int(ahead.total_seconds())
        with services.sessions.begin() as session:
            alert_once_in(session, AlertKind.CLOCK_FAR_OFF, f"node:{node}"[:128], ALERTED_EVERY, seconds_ahead=seconds)
