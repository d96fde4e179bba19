"""Sealing again what is encrypted at rest, so that an old key can be taken out of `SEALING_KEYS`."""

from collections.abc import Iterator
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, LargeBinary, select, type_coerce, update

from service.db import Base, SealedBytes, SealedText, Sessions

AT_ONCE: Final = 200
"""Rows of one transaction: documents are large, and others want the rows."""


def seal_again(sessions: Sessions, keys: tuple[str, ...]) -> int:
    """Seal with the newest key all that was sealed with an older one; returns how many values there were.

    May be stopped and begun again. Raises `cryptography.fernet.InvalidToken` for a value that none of the keys opens.
    """
    return sum(_column(sessions, column, keys) for column in sealed_columns())


def sealed_columns() -> Iterator[Column[bytes]]:
    """Every column that is encrypted at rest."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, SealedBytes | SealedText))


def _column(sessions: Sessions, column: Column[bytes], keys: tuple[str, ...]) -> int:
    table, last, changed = column.table, 0, 0
    raw = type_coerce(column, LargeBinary)
    while True:
        page = select(table.c.id, raw).where(column.is_not(None), table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
        with sessions.begin() as session:
            rows = session.execute(page).all()
            for row_id, sealed in rows:
                if fresh := _sealed_anew(sealed, keys):
                    # a value that was written meanwhile is sealed with the newest key already
                    unchanged = (table.c.id == row_id, raw == sealed)
                    session.execute(update(table).where(*unchanged).values({column: type_coerce(fresh, LargeBinary)}))
                    changed += 1
        if not rows:
            return changed
        last = rows[-1][0]


def _sealed_anew(sealed: bytes, keys: tuple[str, ...]) -> bytes | None:
    """The value under the newest key, with its own time; None if it is under that already."""
    try:
        Fernet(keys[0]).decrypt(sealed)
    except InvalidToken:
        return MultiFernet([Fernet(key) for key in keys]).rotate(sealed)
    return None
