"""Our own letter of authorization, for carriers that accept one: asking for a signature, and storing it.

A letter is identified by the facts on it: while they stay the same, a corrected filing needs no new signature.
"""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from itsdangerous import BadSignature
from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from provisioning.contract.porting_rules import LetterMode
from service.brands import brand_of
from service.db import Base, Key, Made, SealedBytes
from service.errors import Conflict, NotFound
from service.paper import printable
from service.porting.models import Attempt, Cause, PortNumber, PortProject
from service.porting.signed_links import read_token, token_for
from service.porting.states import FINAL, Fact, State
from service.porting.transitions import Transition, transition_together
from service.services import Services
from service.time import now

LIFE: Final = timedelta(days=30)
"""How long old operators accept a signature, and how long a letter waits for one."""

ON_THE_LETTER: Final = (
    "subscriber_kind",
    "subscriber_name",
    "subscriber_id",
    "authorized_person",
    "authorized_email",
    "street",
    "street2",
    "city",
    "region",
    "postal_code",
    "country",
)
_PURPOSE: Final = "sign a letter"


class Letter(Base):
    """A letter of a project. `attempt` is the filing that waits for it, or the latest filing sent with it.

    `fingerprint` is the SHA-256 of the facts on it, `digest` that of the exact text that was signed. The signed PDF is
    encrypted at rest.
    """

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("project_id", "fingerprint", "made_at"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Made]
    signed_at: Mapped[datetime | None]
    signer: Mapped[str] = mapped_column(String(100), default="")
    network_address: Mapped[str] = mapped_column(String(45), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    pdf: Mapped[bytes | None] = mapped_column(SealedBytes, deferred=True)
    attempt: Mapped[Attempt] = relationship()
    project: Mapped[PortProject] = relationship()

    @property
    def sign_until(self) -> datetime:
        """When the letter, or its signature, expires (aware UTC)."""
        return self.made_at + LIFE

    @property
    def sign_by(self) -> date:
        """The day, at the business, on which it expires."""
        return self.sign_until.astimezone(ZoneInfo(self.project.workspace.zone)).date()


def must_be_signed(session: Session, services: Services, attempt: Attempt) -> bool:
    """Whether a filing has to wait for a signature on our letter, which is made if needed."""
    if services.carriers[attempt.carrier].porting.capabilities.letter is not LetterMode.UPLOAD:
        return False
    letter = _latest(session, attempt)
    if letter is None or letter.sign_until <= now():
        letter = Letter(project_id=attempt.project_id, fingerprint=_fingerprint(session, attempt))
        session.add(letter)
    letter.attempt_id = attempt.id
    session.flush()
    return letter.signed_at is None


def wait_for_signature(session: Session, services: Services, attempt_id: int) -> bool:
    """Make a filing wait if our own letter has to be signed first. False if it can be sent now."""
    if not must_be_signed(session, services, session.get_one(Attempt, attempt_id)):
        return False
    here = (PortNumber.attempt_id == attempt_id, PortNumber.state == State.SUBMITTING)
    numbers = list(session.scalars(select(PortNumber).where(*here).order_by(PortNumber.id)))
    transition_together(
        session, services, [Transition(number, Fact.SIGNATURE_WANTED) for number in numbers], Cause.CUSTOMER
    )
    return True


def signed_letter(session: Session, attempt: Attempt) -> Letter | None:
    """The signed letter that is sent with a filing, if any."""
    letter = _latest(session, attempt)
    return letter if letter and letter.signed_at else None


def letter_awaited(session: Session, number: PortNumber) -> Letter | None:
    """The unsigned letter of ours that a number waits for, if any."""
    rows = select(Letter).where(Letter.attempt_id == number.attempt_id, Letter.signed_at.is_(None))
    return session.scalar(rows.order_by(Letter.id.desc()).limit(1))


def sign_link(services: Services, letter: Letter) -> str:
    """The link to the page where a letter is signed; it needs no account."""
    base_url = brand_of(services.settings, letter.attempt.project.workspace).base_url
    return f"{base_url}/sign/{token_for(services, _PURPOSE, letter.id)}"


def letter_to_sign(session: Session, services: Services, token: str) -> Letter:
    """The letter that a link's token stands for. Raises `NotFound` once the link has ended, as it does with its letter.

    An unsigned letter ends when no number waits for it, a signed one when none of its numbers is on its way any more;
    and each ends when another letter takes its place.
    """
    try:
        letter = session.get(Letter, read_token(services, _PURPOSE, token))
    except BadSignature:
        letter = None
    if letter is None or _is_replaced(session, letter) or not _is_needed(session, letter):
        raise NotFound("There’s nothing left to sign here. We’ll send a new link if we need another signature.")
    return letter


def _is_replaced(session: Session, letter: Letter) -> bool:
    newer = exists().where(Letter.attempt_id == letter.attempt_id, Letter.id > letter.id)
    return bool(session.scalar(select(newer)))


def _is_needed(session: Session, letter: Letter) -> bool:
    if letter.signed_at is None:
        return bool(waiting_for(session, letter))
    going = exists().where(PortNumber.attempt_id == letter.attempt_id, PortNumber.state.not_in(FINAL))
    return bool(session.scalar(select(going)))


def waiting_for(session: Session, letter: Letter) -> list[PortNumber]:
    """The numbers that wait for this letter, locked."""
    waiting = (PortNumber.attempt_id == letter.attempt_id, PortNumber.state == State.AWAITING_SIGNATURE)
    return list(session.scalars(select(PortNumber).where(*waiting).order_by(PortNumber.id).with_for_update()))


def sign(
    session: Session, services: Services, letter: Letter, *, signer: str, network_address: str, digest: str, pdf: bytes
) -> None:
    """Store the signature and go on with the filing. Raises `Conflict` if the letter was signed already."""
    session.refresh(letter, with_for_update=True)
    if letter.signed_at:
        raise Conflict("This has already been signed.")
    letter.signed_at, letter.signer, letter.network_address = now(), signer, network_address
    letter.digest, letter.pdf = digest, pdf
    waiting = waiting_for(session, letter)
    transition_together(session, services, [Transition(number, Fact.SIGNED) for number in waiting], Cause.CUSTOMER)


def end_unsigned(session: Session, services: Services) -> None:
    """Let filings expire whose letter was not signed within `LIFE`."""
    waited_for = select(PortNumber.attempt_id).where(PortNumber.state == State.AWAITING_SIGNATURE)
    unsigned = (Letter.signed_at.is_(None), Letter.attempt_id.in_(waited_for))
    old = select(Letter).where(*unsigned, Letter.made_at <= now() - LIFE)
    for letter in session.scalars(old.order_by(Letter.id)):
        waiting = waiting_for(session, letter)
        transition_together(session, services, [Transition(number, Fact.EXPIRED) for number in waiting], Cause.CLOCK)


def _latest(session: Session, attempt: Attempt) -> Letter | None:
    """The newest letter of the project with the same facts as this filing."""
    alike = (Letter.project_id == attempt.project_id, Letter.fingerprint == _fingerprint(session, attempt))
    return session.scalar(select(Letter).where(*alike).order_by(Letter.id.desc()).limit(1))


def _fingerprint(session: Session, attempt: Attempt) -> str:
    numbers = select(PortNumber.number).where(PortNumber.attempt_id == attempt.id).order_by(PortNumber.number)
    written = (getattr(attempt.project, field) for field in ON_THE_LETTER)
    facts = [fact and " ".join(printable(fact).split()) for fact in written]
    return sha256(json.dumps([*facts, *session.scalars(numbers)]).encode()).hexdigest()
