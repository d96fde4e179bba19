"""Counts for rate limits, in PostgreSQL, so that limits hold across processes and restarts.

This is a storage for the limits library, which Flask-Limiter uses. Keys contain addresses and networks, so only their
digests are stored.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from limits.storage import Storage
from sqlalchemy import String, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Sessions
from service.time import now

SCHEME: Final = "postgres-tries"
"""The scheme by which the library finds this storage."""


class Tries(Base):
    """How often something was tried in its window, which ends at `expires_at`; then a new window begins."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TriesInPostgres(Storage):
    """Counts in fixed windows, each try in its own transaction, so that it counts even if the request fails."""

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012 -- the library's own attribute

    def __init__(self, uri: str, *, sessions: Sessions, **options: Any) -> None:  # noqa: ANN401 -- the library's own
        super().__init__(uri, **options)
        self._sessions = sessions

    @property
    def base_exceptions(self) -> type[Exception]:
        """The exceptions that this storage can raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count a try in its window of `expiry` seconds, and return how many there were."""
        over = Tries.expires_at <= now()
        fresh = {"key": _digest(key), "count": amount, "expires_at": now() + timedelta(seconds=expiry)}
        again = {
            "count": case((over, amount), else_=Tries.count + amount),
            "expires_at": case((over, fresh["expires_at"]), else_=Tries.expires_at),
        }
        counted = insert(Tries).values(fresh).on_conflict_do_update(index_elements=["key"], set_=again)
        with self._sessions.begin() as session:
            return session.execute(counted.returning(Tries.count)).scalar_one()

    def get(self, key: str) -> int:
        """How many tries there were in the current window."""
        tries = self._tries(key)
        return tries.count if tries else 0

    def get_expiry(self, key: str) -> float:
        """When the current window ends, in seconds since 1970."""
        tries = self._tries(key)
        return (tries.expires_at if tries else now()).timestamp()

    def check(self) -> bool:
        """Always healthy: the database is monitored elsewhere."""
        return True

    def reset(self) -> int | None:
        """Delete every count."""
        with self._sessions.begin() as session:
            return len(session.execute(delete(Tries).returning(Tries.key)).all())

    def clear(self, key: str) -> None:
        """Delete the count of one key."""
        with self._sessions.begin() as session:
            session.execute(delete(Tries).where(Tries.key == _digest(key)))

    def _tries(self, key: str) -> Tries | None:
        present = select(Tries).where(Tries.key == _digest(key), Tries.expires_at > now())
        with self._sessions() as session:
            return session.scalar(present)


def forget_tries(session: Session) -> None:
    """Delete counts whose window is over."""
    session.execute(delete(Tries).where(Tries.expires_at <= now()))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
