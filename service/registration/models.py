"""A workspace's business as it registers, and how far its registrations at the carrier have come."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.lookup import LineKind
from provisioning.contract.registration import BusinessKind, Industry, LegalForm, Stage
from service.db import E164, Base, Key, Made, SealedText
from service.language import Language


class Purpose(StrEnum):
    """What a business texts, as its owner would say it."""

    ANSWERS = "answers"
    APPOINTMENTS = "appointments"
    DELIVERIES = "deliveries"
    ACCOUNT = "account"
    OFFERS = "offers"
    MIXED = "mixed"


class Business(Base):
    """The business of a workspace: the answers of its form, which may still be incomplete.

    Columns that the carrier can object to have the names of `Objection.field`. `tax_id` is an EIN, encrypted, None
    without one; then `owner_mobile` (E.164) proves the owner. `ways` are those in which people agree to texts
    (`optins.Way`), `flow` tells them to reviewers. `slug` names its public page, which is in `language`. `confirmed_at`
    is when the owner confirmed the answers. On `moves_on` (a day in the workspace's time zone) its numbers leave the
    pool of the installation for its own. Calls show `caller_name`; `employees` and `calls_a_day` (on a business day)
    are what operators' filters want to know, 0 until they are told.
    """

    __tablename__ = "businesses"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), unique=True)
    kind: Mapped[BusinessKind] = mapped_column(default=BusinessKind.LOW_VOLUME)
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    trade_name: Mapped[str] = mapped_column(String(100), default="")
    legal_form: Mapped[LegalForm | None]
    industry: Mapped[Industry | None]
    tax_id: Mapped[str | None] = mapped_column(SealedText)
    street: Mapped[str] = mapped_column(String(100), default="")
    street2: Mapped[str] = mapped_column(String(100), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    region: Mapped[str] = mapped_column(String(50), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="US")
    website: Mapped[str] = mapped_column(String(255), default="")
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(100), default="Owner")
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[E164] = mapped_column(default="")
    owner_mobile: Mapped[E164] = mapped_column(default="")
    purpose: Mapped[Purpose | None]
    description: Mapped[str] = mapped_column(Text, default="")
    flow: Mapped[str] = mapped_column(Text, default="")
    samples: Mapped[list[str]] = mapped_column(default=list)
    ways: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    help_text: Mapped[str] = mapped_column(Text, default="")
    stop_text: Mapped[str] = mapped_column(Text, default="")
    privacy_url: Mapped[str] = mapped_column(String(255), default="")
    terms_url: Mapped[str] = mapped_column(String(255), default="")
    opt_in_image: Mapped[str] = mapped_column(String(255), default="")
    texts_a_month: Mapped[int] = mapped_column(default=1000)
    age_gated: Mapped[bool] = mapped_column(default=False, server_default=false())
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    confirmed_at: Mapped[datetime | None]
    moves_on: Mapped[date | None]
    caller_name: Mapped[str] = mapped_column(String(15), default="", server_default="")
    employees: Mapped[int] = mapped_column(default=0, server_default="0")
    calls_a_day: Mapped[int] = mapped_column(default=0, server_default="0")
    made_at: Mapped[Made]
    registrations: Mapped[list["Registration"]] = relationship(back_populates="business", order_by="Registration.id")

    @property
    def last_of_tax_id(self) -> str:
        """The last four digits of the tax number, which a page may show; "" without one."""
        return (self.tax_id or "")[-SHOWN_OF_TAX_ID:]


SHOWN_OF_TAX_ID: Final = 4


class Subject(StrEnum):
    """What is registered: who texts, the pool of its numbers, what they text, and each toll-free number by itself.

    How calls show is registered beside it (`provisioning.contract.caller_trust`): name, signature and labels.
    """

    BUSINESS = "business"
    POOL = "pool"
    PROGRAM = "program"
    TOLL_FREE = "toll_free"
    CALLER_NAME = "caller_name"
    CALL_SIGNATURE = "call_signature"
    CALL_LABELS = "call_labels"


CALLER_SUBJECTS: Final = (Subject.CALLER_NAME, Subject.CALL_SIGNATURE, Subject.CALL_LABELS)
"""What is registered about calls, for all numbers of the business that have joined."""

TAGGED: Final = "portline-"
"""With what our tags begin."""


class Registration(Base):
    """One thing that a business registers at a carrier, and the carrier's last answer about it.

    The carrier finds it by `tag`, which is ours; `reference` is the carrier's id, "" until we know it, and of a program
    that of its pool. `number` is the carrier's id of a toll-free number, "" for the rest. Until it was submitted,
    `stage` is CHECKING. `word` is the carrier's own word for the stage, `objections` are those of `Objection`, as JSON.
    It has stood like that since `changed_at`; the carrier was asked last at `asked_at`. `numbers` are the carrier's ids
    of the numbers that have joined it, as far as it is about how calls show. `reason` is the carrier's own words of a
    refusal, which only its callback has.
    """

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("business_id", "subject", "number"),)

    id: Mapped[Key]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    subject: Mapped[Subject]
    number: Mapped[str] = mapped_column(String(64), default="")
    carrier: Mapped[str] = mapped_column(String(32))
    tag: Mapped[str] = mapped_column(String(40), unique=True)
    reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    stage: Mapped[Stage] = mapped_column(default=Stage.CHECKING)
    word: Mapped[str] = mapped_column(String(64), default="")
    objections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    changed_at: Mapped[Made]
    asked_at: Mapped[datetime | None]
    numbers: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[Made]
    business: Mapped[Business] = relationship(back_populates="registrations")
    submissions: Mapped[list["Submission"]] = relationship(
        back_populates="registration", order_by="Submission.sequence"
    )


class Submission(Base):
    """One try to have something registered: the first, or one after it was refused. A ledger entry is owed for each.

    `fee` is what its owner agreed to before it was sent, `paid` what it cost once the carrier had it, in cents of a US
    dollar. A refusal at once costs nothing. `phone_line` is what kind of line the contact's `phone` (E.164) is, if it
    was looked up for this try.
    """

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("registration_id", "sequence"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    sequence: Mapped[int]
    fee: Mapped[int] = mapped_column(default=0)
    paid: Mapped[int] = mapped_column(default=0)
    phone: Mapped[E164] = mapped_column(default="", server_default="")
    phone_line: Mapped[LineKind | None]
    made_at: Mapped[Made]
    registration: Mapped[Registration] = relationship(back_populates="submissions")
