"""One row for each thing that must happen once at a carrier, and how far it got."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key
from service.jobs import Lane, Priority


class EntryKind(StrEnum):
    """What can be owed; `service/handlers.py:PERFORMERS` says what performs each."""

    BUY_NUMBER = "buy_number"
    FILE_PORT = "file_port"
    SEND_TEXT = "send_text"
    SEND_MESSAGE = "send_message"
    SEND_MAIL = "send_mail"
    PLACE_CALL = "place_call"
    PROVE_NUMBER = "prove_number"
    SEND_NUMBER_CODE = "send_number_code"
    REGISTER_BUSINESS = "register_business"
    OPEN_POOL = "open_pool"
    REGISTER_PROGRAM = "register_program"
    VERIFY_TOLL_FREE = "verify_toll_free"
    REGISTER_CALLER = "register_caller"


LANES: Final[Mapping[EntryKind, Lane]] = {
    EntryKind.BUY_NUMBER: Lane.CARRIER,
    EntryKind.FILE_PORT: Lane.CARRIER,
    EntryKind.PROVE_NUMBER: Lane.CARRIER,
    EntryKind.REGISTER_BUSINESS: Lane.CARRIER,
    EntryKind.OPEN_POOL: Lane.CARRIER,
    EntryKind.REGISTER_PROGRAM: Lane.CARRIER,
    EntryKind.VERIFY_TOLL_FREE: Lane.CARRIER,
    EntryKind.REGISTER_CALLER: Lane.CARRIER,
    EntryKind.SEND_TEXT: Lane.NOTIFICATION,
    EntryKind.SEND_MESSAGE: Lane.NOTIFICATION,
    EntryKind.SEND_MAIL: Lane.NOTIFICATION,
    EntryKind.PLACE_CALL: Lane.NOTIFICATION,
    EntryKind.SEND_NUMBER_CODE: Lane.NOTIFICATION,
}
"""The lane of the queue in which each kind is performed."""


PRIORITIES: Final[Mapping[EntryKind, Priority]] = {
    EntryKind.BUY_NUMBER: Priority.PERSON_WAITS,
    EntryKind.PLACE_CALL: Priority.PERSON_WAITS,
    EntryKind.PROVE_NUMBER: Priority.PERSON_WAITS,
    EntryKind.SEND_MESSAGE: Priority.PERSON_WAITS,
    EntryKind.SEND_NUMBER_CODE: Priority.PERSON_WAITS,
    EntryKind.FILE_PORT: Priority.PORT_MOVES,
    EntryKind.SEND_TEXT: Priority.REST,
    EntryKind.SEND_MAIL: Priority.REST,
    EntryKind.REGISTER_BUSINESS: Priority.REST,
    EntryKind.OPEN_POOL: Priority.REST,
    EntryKind.REGISTER_PROGRAM: Priority.REST,
    EntryKind.VERIFY_TOLL_FREE: Priority.REST,
    EntryKind.REGISTER_CALLER: Priority.REST,
}
"""What is done first of each kind's lane."""

COMPARABLE: Final = frozenset(
    {
        EntryKind.BUY_NUMBER,
        EntryKind.FILE_PORT,
        EntryKind.SEND_TEXT,
        EntryKind.SEND_MESSAGE,
        EntryKind.PLACE_CALL,
        EntryKind.SEND_NUMBER_CODE,
        EntryKind.REGISTER_BUSINESS,
        EntryKind.OPEN_POOL,
        EntryKind.VERIFY_TOLL_FREE,
        EntryKind.REGISTER_CALLER,
    }
)
"""Kinds whose reference is the carrier's id: two of one entry are something that was done twice."""


MARGIN: Final = timedelta(hours=1)
"""How much earlier a look begins, as the clocks of the carrier and the database differ."""


class Progress(StrEnum):
    """READY to be tried, TRYING since `tried_at` (outcome not known yet), or one of three ends."""

    READY = "ready"
    TRYING = "trying"
    DONE = "done"
    REFUSED = "refused"
    PARKED = "parked"


class LedgerEntry(Base):
    """One thing owed. `subject_id` is the row it is about; `tag` recognises it at the carrier.

    One with `look_since` may have been done since then and been forgotten with a restored database: the carrier is
    asked before it is sent, even at the first try.

    Times here are the database's, never the rehearsal's: leases must not expire by a jump of the clock.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_ledger_entries_parked", "kind", postgresql_where=text("progress = 'parked'")),
        Index("ix_ledger_entries_open", "due_at", postgresql_where=text("progress IN ('ready', 'trying')")),
    )

    id: Mapped[Key]
    kind: Mapped[EntryKind]
    subject_id: Mapped[int]
    tag: Mapped[str] = mapped_column(String(40), unique=True, default=lambda: f"portline-{uuid4().hex[:20]}")
    progress: Mapped[Progress] = mapped_column(default=Progress.READY)
    lease: Mapped[UUID | None]
    tries: Mapped[int] = mapped_column(default=0)
    owed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    look_since: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(Text, default="")
    trouble: Mapped[str] = mapped_column(String(200), default="")

    def asked_since(self, made_at: datetime) -> datetime:
        """The moment since which a carrier is asked whether this was done.

        `made_at` is the time of the row it is about, which the clock of some machine told (a rehearsal's clock in a
        rehearsal); the database's own time counts where that is earlier.
        """
        return min(made_at, self.owed_at) - MARGIN
