"""The one database: PostgreSQL. Base class, column types and sessions.

`with services.sessions.begin() as session:` opens a transaction in views, handlers and jobs; use-cases take the
session and never commit.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from cryptography.fernet import Fernet, MultiFernet
from psycopg import Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.sql import Literal
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    DateTime,
    Engine,
    Enum,
    Executable,
    LargeBinary,
    MetaData,
    Select,
    String,
    create_engine,
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Dialect, ExceptionContext, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from service.connections import DirectConnection, KeepingConnection, Process, arguments, for_the_driver
from service.time import now

Sessions = sessionmaker[Session]

Asked = str | int | datetime | list[str] | list[int]

Reads = Connection | Session | Cursor[Any] | DirectConnection
"""What a `Read` is done on: a transaction, the driver's cursor, or a connection for a ringing phone.

A session is flushed before.
"""


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware UTC. Raises `ValueError` for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Refuse naive times."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive time was given where UTC is kept")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """The session's zone may be any; ours is UTC."""
        return value and value.astimezone(UTC)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that are encrypted at rest (Fernet, newest key first), for documents."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else _sealer().encrypt(value)

    def process_result_value(self, value: bytes | None, _: Dialect) -> bytes | None:
        """Decrypt on the way out."""
        return None if value is None else _sealer().decrypt(value)


class SealedText(TypeDecorator[str]):
    """A text that is encrypted at rest, for PIN and account number."""

    impl = SealedBytes
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> bytes | None:
        """Encode the text; `SealedBytes` encrypts it."""
        return None if value is None else value.encode()

    def process_result_value(self, value: bytes | None, _: Dialect) -> str | None:
        """Decode the decrypted bytes."""
        return None if value is None else value.decode()


class _Seal:
    fernet: MultiFernet | None = None


def use_sealing_keys(keys: Sequence[str]) -> None:
    """Set the process's keys: sealed columns are written with the first and read with any."""
    _Seal.fernet = MultiFernet([Fernet(key) for key in keys])


def _sealer() -> MultiFernet:
    if _Seal.fernet is None:
        raise RuntimeError("no sealing keys: the process was not wired")
    return _Seal.fernet


LARGEST_ID: Final = 2**63 - 1
"""The largest that a `bigint` holds."""

E164 = Annotated[str, mapped_column(String(16))]
Dialed = Annotated[str, mapped_column(String(32))]
Made = Annotated[datetime, mapped_column(UtcTime, default=now)]
Key = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    """Rows. Enums are kept as plain text by value, so that a new value needs no migration."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy's own attribute
        datetime: UtcTime,
        int: BigInteger,
        StrEnum: Enum(
            StrEnum, native_enum=False, length=32, values_callable=lambda words: [word.value for word in words]
        ),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }


def connect(url: str, process: Process | None = None, most: int = 25, *, pooled: bool = False) -> Engine:
    """An engine on a URL as libpq takes it, with at most so many connections; who wants one more waits for it.

    Connections are checked before use, as the database may have restarted. The one that was used last is used next: it
    has most statements prepared. Errors do not show parameters, which are customers' data.
    """
    kept = min(most, 10)
    engine = create_engine(
        _address(url),
        connect_args=arguments(process, pooled=pooled),
        pool_pre_ping=True,
        pool_use_lifo=True,
        pool_size=kept,
        max_overflow=most - kept,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "handle_error", _leave_what_was_demoted)
    return engine


def _address(url: str) -> URL:
    """A URL as SQLAlchemy takes it, which does not understand one with several hosts."""
    named = {name: str(value) for name, value in conninfo_to_dict(for_the_driver(url)).items()}
    user, password, database = (named.pop(name, None) for name in ("user", "password", "dbname"))
    return URL.create("postgresql+psycopg", user, password, database=database, query=named)


def _leave_what_was_demoted(context: ExceptionContext) -> None:
    """A server that takes no more changes has become a standby: the next connection may lead to the one that does."""
    if isinstance(context.original_exception, ReadOnlySqlTransaction):
        context.is_disconnect = True


def _connect(_dialect: Dialect, _record: object, words: list[str], named: dict[str, Any]) -> KeepingConnection:
    return KeepingConnection.connect(*words, **named)


class Read:
    """A statement for reads that a caller waits for: compiled once, run by the driver in one round trip.

    Running it through SQLAlchemy takes three times as long as the driver. Values are the driver's: an enum is text.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        dialect = make_url("postgresql+psycopg://").get_dialect()()
        compiled = statement.compile(dialect=dialect)
        places = {name: _in_place(name, bind, dialect) for name, bind in compiled.binds.items()}
        self._sql = str(compiled) % places
        self._names = [name for name, bind in compiled.binds.items() if bind.required]
        numbered = {name: f"${number}" for number, name in enumerate(self._names, 1)}
        self._numbered = str(compiled) % {name: place.replace("%%", "%") for name, place in (places | numbered).items()}

    def first(self, reads: Reads, **asked: Asked) -> tuple[Any, ...] | None:
        """The first row for these parameters. Raises the driver's own errors, not SQLAlchemy's."""
        return next(iter(self.every(reads, **asked)), None)

    def every(self, reads: Reads, **asked: Asked) -> list[tuple[Any, ...]]:
        """All rows for these parameters, as above."""
        if isinstance(reads, DirectConnection):
            return list(reads.read(self._numbered, [asked[name] for name in self._names]))
        if isinstance(reads, Session):
            reads.flush()
            reads = reads.connection()
        if isinstance(reads, Connection):
            with closing(reads.connection.cursor()) as cursor:
                return self._every(cursor, asked)
        return self._every(reads, asked)

    def _every(self, cursor: Any, asked: dict[str, Asked]) -> list[tuple[Any, ...]]:  # noqa: ANN401
        cursor.execute(self._sql, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _in_place(name: str, bind: BindParameter[Any], dialect: Dialect) -> str:
    """What stands in a statement for a parameter: its value if it has one, so that the planner knows it.

    A partial index is of no use where the value that it asks for is a parameter.
    """
    if bind.required:
        return f"%({name})s"
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    value = process(bind.value) if process else bind.value
    return Literal(value).as_string().replace("%", "%%")


def sessions_on(engine: Engine) -> Sessions:
    """Sessions whose rows stay readable after their transaction."""
    return sessionmaker(engine, expire_on_commit=False)


def run_alone(sessions: Sessions, statement: Executable) -> None:
    """Run one statement as a transaction that the database ends by itself.

    A process that is stopped meanwhile keeps no row locked: for rows that many processes write.
    """
    with sessions.kw["bind"].execution_options(isolation_level="AUTOCOMMIT").begin() as connection:
        connection.execute(statement)


def database_now(session: Session) -> datetime:
    """The database's clock, for leases: machines may disagree, the database does not."""
    moment: datetime = session.execute(func.clock_timestamp().select()).scalar_one()
    return moment.astimezone(UTC)
