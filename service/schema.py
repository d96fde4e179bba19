"""Whether the database is new enough, and has the tables that this program needs."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psycopg import Connection
from psycopg.errors import UndefinedTable
from psycopg.rows import TupleRow

if TYPE_CHECKING:
    from alembic.config import Config

OLDEST_SERVER: Final = 15

_MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"


def migrations() -> "Config":
    """Alembic's settings, also where the program was installed and no `alembic.ini` stands beside it."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


@cache
def needed() -> str:
    """The number of the last migration that this program knows."""
    return max(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def trouble_with(connection: Connection[TupleRow]) -> str:
    """What is wrong with the tables, in a sentence; "" if nothing is.

    Tables of a later version are right: the version before goes on while the next one starts. Where there are no tables
    the transaction is unusable afterwards.
    """
    if too_old := trouble_with_server(connection.info.server_version):
        return too_old
    try:
        [there] = connection.execute("SELECT coalesce(max(version_num), '') FROM alembic_version").fetchone() or [""]
    except UndefinedTable:
        there = ""
    if there >= needed():
        return ""
    found = f"is at migration {there}" if there else "has no tables yet"
    advice = "run `portline migrate`, or `alembic upgrade head` in a checkout"
    return f"The database {found}, and this program needs {needed()}: {advice}."


def trouble_with_server(version: int) -> str:
    """What is wrong with a server of this version, as libpq tells it (150004 is 15.4); "" if nothing is."""
    if version >= OLDEST_SERVER * 10_000:
        return ""
    found = f"{version // 10_000}.{version % 10_000}"
    return f"The database is PostgreSQL {found}, and this program needs {OLDEST_SERVER} or newer."
