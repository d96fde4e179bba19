"""Tables of ports: projects, their documents and numbers, attempts, carrier orders, and the history of each number."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, func, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.porting import NumberKind, PortStatus, Precision, Remaining, SubscriberKind, Verdict
from service.accounts.models import User, Workspace
from service.db import E164, Base, Key, Made, SealedBytes, SealedText
from service.language import Language
from service.lines.models import Line
from service.porting.chosen import Chosen
from service.porting.states import State

_OPEN = text("state NOT IN ('draft', 'live', 'returned', 'canceled', 'expired', 'not_portable')")
_SECRET = text("pin IS NOT NULL OR account_number IS NOT NULL OR subscriber_id IS NOT NULL")


class PortProject(Base):
    """One form: numbers of one account that the customer wants on a line, and who they are at the old operator.

    The other accounts of its transfer were `begun_with` the same first project, where it is None (`accounts.py`).
    `wished` is a day in the number's time zone. The contact, who is notified, need not be the signer. Account number,
    PIN and subscriber id are encrypted, and wiped when the project has ended or its draft is abandoned. `remaining` is
    asked only if the account's main number is ported. `operator` is the old operator's name in registries, None until
    they were asked, "" if unknown. `pin_at` is when the PIN was entered, as PINs are valid for days. `answered` are the
    answered steps of the form, `touched_at` is when the draft was last worked on. While `shared`, the link with this
    `share_version` shows the status page. Our desk was asked whose it is at `claimed_at`, and knew it at `vouched_at`.
    """

    __tablename__ = "port_projects"
    __table_args__ = (Index("ix_port_projects_secret", "id", postgresql_where=_SECRET),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    begun_with_id: Mapped[int | None] = mapped_column(ForeignKey("port_projects.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=lambda: uuid4().hex)
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    contact_number: Mapped[E164] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(String(255), default="")
    subscriber_kind: Mapped[SubscriberKind] = mapped_column(default=SubscriberKind.BUSINESS)
    subscriber_name: Mapped[str] = mapped_column(String(100), default="")
    authorized_person: Mapped[str] = mapped_column(String(100), default="")
    authorized_email: Mapped[str] = mapped_column(String(255), default="")
    street: Mapped[str] = mapped_column(String(100), default="")
    street2: Mapped[str] = mapped_column(String(100), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    region: Mapped[str] = mapped_column(String(50), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="US")
    account_number: Mapped[str | None] = mapped_column(SealedText)
    pin: Mapped[str | None] = mapped_column(SealedText)
    pin_at: Mapped[datetime | None]
    operator: Mapped[str | None] = mapped_column(String(100))
    subscriber_id: Mapped[str | None] = mapped_column(SealedText)
    billing_number: Mapped[E164] = mapped_column(default="")
    remaining: Mapped[Remaining | None]
    new_billing_number: Mapped[E164] = mapped_column(default="")
    wished: Mapped[date | None]
    agreed_at: Mapped[datetime | None]
    answered: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    touched_at: Mapped[Made] = mapped_column(server_default=func.now())
    shared: Mapped[bool] = mapped_column(default=True, server_default=true())
    share_version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_at: Mapped[Made]
    submitted_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    vouched_at: Mapped[datetime | None]
    workspace: Mapped[Workspace] = relationship()
    line: Mapped[Line] = relationship()
    numbers: Mapped[list["PortNumber"]] = relationship(back_populates="project", order_by="PortNumber.id")
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="project", order_by="Attempt.sequence")
    documents: Mapped[list["Document"]] = relationship(
        back_populates="project", order_by="Document.id", cascade="all, delete-orphan"
    )
    details_requests: Mapped[list["DetailsRequest"]] = relationship(
        back_populates="project", order_by="DetailsRequest.id"
    )


class DocumentKind(StrEnum):
    """Kinds of documents."""

    BILL = "bill"


class Document(Base):
    """A document of the customer, encrypted at rest. `media_type` was determined from its content.

    `words` is its text, None until it was read, "" if it has none; it is wiped when the project has ended.
    """

    __tablename__ = "documents"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(default=DocumentKind.BILL)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(50))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(SealedBytes, deferred=True)
    words: Mapped[str | None] = mapped_column(SealedText)
    made_at: Mapped[Made]
    project: Mapped[PortProject] = relationship(back_populates="documents")
    pages: Mapped[list["DocumentPage"]] = relationship(
        back_populates="document", order_by="DocumentPage.position", cascade="all, delete-orphan"
    )


class DocumentPage(Base):
    """A page of a photographed or scanned document, encrypted at rest; deleted when the project has ended.

    `picture` is a JPEG of it, upright, of `width` and `height` pixels. `rows` is what was read on it, as JSON: the rows
    of `text_rows.py`. `position` counts from 1.
    """

    __tablename__ = "document_pages"
    __table_args__ = (UniqueConstraint("document_id", "position"),)

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    position: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes] = mapped_column(SealedBytes, deferred=True)
    rows: Mapped[str] = mapped_column(SealedText)
    document: Mapped[Document] = relationship(back_populates="pages")


class DetailsRequest(Base):
    """A request by mail to a person outside the workspace, who answers some questions of a draft without an account.

    `fields` are the names of the questions, `given` those answered through the link. The latest link carries the
    `nonce`; it is good until `expires_at` unless revoked, and while the draft is not sent. `asked_by` is the member.
    """

    __tablename__ = "details_requests"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"), index=True)
    email: Mapped[str] = mapped_column(String(255))
    fields: Mapped[list[str]]
    given: Mapped[list[str]] = mapped_column(default=list)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    nonce: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[Made]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    project: Mapped[PortProject] = relationship(back_populates="details_requests")
    asker: Mapped[User | None] = relationship()

    @property
    def missing(self) -> list[str]:
        """The names of the questions that were not answered yet."""
        return [name for name in self.fields if name not in self.given]


class Attempt(Base):
    """One filing of some of a project's numbers. `sent` is what was sent, without PIN and account number."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("project_id", "sequence"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"))
    sequence: Mapped[int]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    carrier: Mapped[str] = mapped_column(String(32))
    sent: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    project: Mapped[PortProject] = relationship(back_populates="attempts")


class CarrierOrder(Chosen, Base):
    """One order at a carrier; a carrier may split an attempt into several. `reference` is the carrier's id of it.

    `told_at` is when a callback named it, None again once we have asked the carrier.
    """

    __tablename__ = "carrier_orders"
    __table_args__ = (UniqueConstraint("carrier", "reference"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(64))
    word: Mapped[str] = mapped_column(String(64), default="")
    signature_url: Mapped[str | None] = mapped_column(String(500))
    support_ticket: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    made_at: Mapped[Made]
    attempt: Mapped[Attempt] = relationship()
    numbers: Mapped[list["PortNumber"]] = relationship(back_populates="order")


class PortNumber(Base):
    """One number being ported, which has a state. At most one port of a number is open at a time.

    It comes to the project's line unless there is a `chosen_line`. One that `opens_line` comes to a line of its own,
    opened when the project is sent. `verdict` is UNKNOWN until the carrier was asked (`asked_at`), or if it could not
    tell: we go on. `carrier` is to bring it in, "" until asked, and `passed_over` says why not others; it lives at
    `network` where that is another. `seen` is all that the carrier said last of its order, only a difference from it is
    news, and `carrier_status` its state then. A committed day has no clock time unless `committed_at` says so.
    `carries_texts` is what its kind does, until its carrier says what this one does. Its code came at `confirmed_at`.
    It is in its state `since`, and our porting desk wants it to leave it by `due_on` (`due.py`), a day at the number.
    """

    __tablename__ = "port_numbers"
    __table_args__ = (
        Index("uq_port_numbers_open", "number", unique=True, postgresql_where=_OPEN),
        *(Index(f"ix_port_numbers_state_{by}", "state", by) for by in ("committed_on", "since")),
        UniqueConstraint("project_id", "number"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("carrier_orders.id"), index=True)
    number: Mapped[E164] = mapped_column(index=True)
    kind: Mapped[NumberKind] = mapped_column(default=NumberKind.UNKNOWN)
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.UNKNOWN)
    needs_account_and_pin: Mapped[bool] = mapped_column(default=False)
    chosen_line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"), index=True)
    opens_line: Mapped[bool] = mapped_column(default=False, server_default=false())
    carrier: Mapped[str] = mapped_column(String(32), default="")
    passed_over: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    network: Mapped[str] = mapped_column(String(32), default="")
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    since: Mapped[Made] = mapped_column(server_default=func.now())
    due_on: Mapped[date | None]
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    carrier_status: Mapped[PortStatus | None]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    committed_on: Mapped[date | None]
    committed_at: Mapped[datetime | None]
    committed_precision: Mapped[Precision | None]
    date_version: Mapped[int] = mapped_column(default=0)
    ported_at: Mapped[datetime | None] = mapped_column(index=True)
    carries_texts: Mapped[bool] = mapped_column(default=True, server_default=true())
    project: Mapped[PortProject] = relationship(back_populates="numbers")
    chosen_line: Mapped[Line | None] = relationship(lazy="selectin")
    order: Mapped[CarrierOrder | None] = relationship(back_populates="numbers")
    history: Mapped[list["PortHistory"]] = relationship(back_populates="port_number", order_by="PortHistory.sequence")

    @property
    def line(self) -> Line:
        """The line to which the number comes."""
        return self.chosen_line or self.project.line

    @property
    def line_id(self) -> int:
        """The id of `line`."""
        return self.chosen_line_id or self.project.line_id

    @property
    def committed(self) -> date | datetime | None:
        """The committed date: an aware moment where the carrier stated a clock time, else a day."""
        return self.committed_at or self.committed_on


class Cause(StrEnum):
    """Who or what caused a transition."""

    CUSTOMER = "customer"
    STAFF = "staff"
    CARRIER = "carrier"
    CLOCK = "clock"
    CUTOVER = "cutover"


class PortHistory(Base):
    """One event of a number: its history, and the cause of the effects that follow.

    `event` is a command or a fact of `states.py`; `details` is what notices need (dates in ISO 8601, reason codes),
    never a secret. `sequence` counts from 1 without gaps and gives the order, not a clock.
    """

    __tablename__ = "port_history"
    __table_args__ = (UniqueConstraint("port_number_id", "sequence"),)

    id: Mapped[Key]
    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id"))
    sequence: Mapped[int]
    at: Mapped[Made] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(32))
    cause: Mapped[Cause]
    before: Mapped[State]
    after: Mapped[State]
    puzzling: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    port_number: Mapped[PortNumber] = relationship(back_populates="history")
