"""The leading clock process is the one that holds an advisory lock in the database."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

LEADER: Final = 7_077_457
"""Key of the advisory lock, the same in all clock processes of a database."""


def is_leading(session: Session) -> bool:
    """Whether any clock process holds the lock."""
    held = """
        SELECT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 0 AND objid = :leader AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
    """
    return bool(session.scalar(text(held), {"leader": LEADER}))
