"""How often something was tried, in PostgreSQL: limits against abuse hold across processes and restarts.

A storage for the limits library, which Flask-Limiter counts with. Keys name addresses and networks, so they are kept
as digests.
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
"""What the library knows this storage by."""


class Tries(Base):
    """How often something was tried since its window began; after `expires_at` a new window begins at nothing."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TriesInPostgres(Storage):
    """Counts in fixed windows, each try in a transaction of its own: it counts whatever becomes of the request."""

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012 -- the library's own attribute

    def __init__(self, uri: str, *, sessions: Sessions, **options: Any) -> None:  # noqa: ANN401 -- the library's own
        super().__init__(uri, **options)
        self._sessions = sessions

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong here."""
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
        """How many tries there were in the present window."""
        tries = self._tries(key)
        return tries.count if tries else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since 1970."""
        tries = self._tries(key)
        return (tries.expires_at if tries else now()).timestamp()

    def check(self) -> bool:
        """The database is looked after elsewhere."""
        return True

    def reset(self) -> int | None:
        """Forget every try."""
        with self._sessions.begin() as session:
            return len(session.execute(delete(Tries).returning(Tries.key)).all())

    def clear(self, key: str) -> None:
        """Forget the tries of one key."""
        with self._sessions.begin() as session:
            session.execute(delete(Tries).where(Tries.key == _digest(key)))

    def _tries(self, key: str) -> Tries | None:
        present = select(Tries).where(Tries.key == _digest(key), Tries.expires_at > now())
        with self._sessions() as session:
            return session.scalar(present)


def forget_tries(session: Session) -> None:
    """Forget windows that are over."""
    session.execute(delete(Tries).where(Tries.expires_at <= now()))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
