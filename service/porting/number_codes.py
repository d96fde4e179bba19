"""A code by text or call to a number: who enters it has the number at hand.

The code is computed from a row's nonce when it is sent or read out, so no row or job ever holds one.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import uuid4

from sqlalchemy import ColumnElement, ForeignKey, String, bindparam, delete, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.messaging import CannotTell, OutgoingMessage
from provisioning.contract.voice import CallStep, HangUp
from service.brands import OURS, Platform, PlatformWorkspace, platform_of
from service.callback_addresses import Carried, Step, addresses
from service.calls.words import say, wording
from service.db import E164, Base, Key, Made, Read, Reads
from service.errors import Conflict, TooMany
from service.language import Language
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.own_texts import OwnText, leave_by
from service.porting.models import PortProject
from service.proven_numbers import prove
from service.services import Services
from service.spending.estimates import call_cost, text_cost
from service.spending.permission import Use, spend
from service.time import real_time

LIFE: Final = timedelta(minutes=10)
"""For so long a code is taken; a text or call that could not leave by then is given up."""

TRIES: Final = 5
"""After this many wrong ones a new code is needed."""

A_NUMBER: Final = 4
"""Codes a day for one number, whoever asks for them."""

A_WORKSPACE: Final = 10
"""Codes a day for all numbers of a workspace."""

_DAY: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=30)
_DIGITS: Final = 6


class Way(StrEnum):
    """How a code is sent."""

    TEXT = "text"
    CALL = "call"


class Purpose(StrEnum):
    """What a code is asked for, and good for: moving the number, or texting a port's contact there."""

    MOVE = "move"
    CONTACT = "contact"


_SAID: Final = {Purpose.MOVE: "number_code", Purpose.CONTACT: "contact_code"}
_TEXTED: Final = {Purpose.MOVE: "number_code_text", Purpose.CONTACT: "contact_code_text"}


class NumberCode(OwnText, Base):
    """A code for a number, good in one workspace and for one purpose. `refused` says that it did not arrive.

    `asked_at` is in real time, of which its life is counted; `made_at` in that of the carrier.
    """

    __tablename__ = "number_codes"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    number: Mapped[E164] = mapped_column(index=True)
    way: Mapped[Way]
    purpose: Mapped[Purpose] = mapped_column(default=Purpose.MOVE, server_default=Purpose.MOVE)
    language: Mapped[Language]
    nonce: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    tries: Mapped[int] = mapped_column(default=0)
    refused: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_at: Mapped[datetime]
    made_at: Mapped[Made]


def ask(
    session: Session, services: Services, project: PortProject, number: str, way: Way, purpose: Purpose = Purpose.MOVE
) -> None:
    """Have a code sent to a number (E.164), which the function that calls this knows from the project.

    Raises:
        Conflict: we have no number to send it from.
        TooMany: the number or the workspace has had its codes of the day.
    """
    if not services.settings.platform_number:
        raise Conflict("We can’t send codes here.")
    if _lately(session, NumberCode.number == number) >= A_NUMBER:
        raise TooMany("We’ve sent several codes to this number today. Try again tomorrow.")
    if _lately(session, NumberCode.workspace_id == project.workspace_id) >= A_WORKSPACE:
        raise TooMany("You’ve asked for several codes today. Try again tomorrow.")
    here = {"workspace_id": project.workspace_id, "number": number, "language": project.language}
    code = NumberCode(**here, way=way, purpose=purpose, asked_at=real_time())
    session.add(code)
    session.flush()
    owe(session, EntryKind.SEND_NUMBER_CODE, code.id)


def enter(session: Session, services: Services, code: NumberCode | None, digits: str) -> bool:
    """Whether these are the digits of a code (of `latest`), whose number is proven then to be the workspace's.

    A wrong one counts against it: commit.
    """
    if code is None or code.tries >= TRIES:
        return False
    if not any(hmac.compare_digest(digits, _digits(code.nonce, key)) for key in services.settings.secret_keys):
        code.tries += 1
        return False
    code.tries = TRIES
    prove(session, code.workspace_id, code.number)
    return True


def latest(
    session: Session, workspace_id: int, numbers: Collection[str], purpose: Purpose = Purpose.MOVE
) -> NumberCode | None:
    """The code that was sent last to one of these numbers (E.164) of a workspace and is still good, locked."""
    mine = NumberCode.workspace_id == workspace_id, NumberCode.number.in_(numbers), NumberCode.purpose == purpose
    good = select(NumberCode).where(*mine, NumberCode.asked_at > real_time() - LIFE)
    return session.scalar(good.order_by(NumberCode.id.desc()).limit(1).with_for_update())


def forget_number_codes(session: Session) -> None:
    """Delete codes of a month ago, which are neither good nor counted any more."""
    session.execute(delete(NumberCode).where(NumberCode.asked_at < real_time() - _KEPT))


def note_undelivered(session: Session, entry: LedgerEntry) -> None:
    """The text did not arrive: the page proposes a call."""
    session.get_one(NumberCode, entry.subject_id).refused = True


_BY_TAG: Final = Read(
    select(NumberCode.nonce, NumberCode.language, NumberCode.purpose, Platform.name)
    .join(LedgerEntry, LedgerEntry.subject_id == NumberCode.id)
    .outerjoin(PlatformWorkspace, PlatformWorkspace.workspace_id == NumberCode.workspace_id)
    .outerjoin(Platform, Platform.workspace_id == PlatformWorkspace.platform_id)
    .where(LedgerEntry.tag == bindparam("entry"), LedgerEntry.kind == EntryKind.SEND_NUMBER_CODE)
)


def read_out(reads: Reads, services: Services, tag: str) -> list[CallStep]:
    """What a phone hears that was called for a code."""
    found = _BY_TAG.first(reads, entry=tag)
    if found is None:
        return [HangUp()]
    digits = ", ".join(_digits(found[0], services.settings.secret_keys[0]))
    return [say(_SAID[Purpose(found[2])], Language(found[1]), code=digits, brand=found[3] or OURS), HangUp()]


@dataclass(frozen=True, slots=True)
class Sending:
    """A code that is to be sent, whether it is too late for that, and what the service is called in it."""

    code: NumberCode
    late: bool
    brand: str


class SendNumberCode(Performer[Sending]):
    """Texts a code, or has the number called."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Sending:
        """Read what the text or call needs."""
        code = session.get_one(NumberCode, entry.subject_id)
        brand = platform_of(session, code.workspace_id)
        return Sending(code, late=code.asked_at <= real_time() - LIFE, brand=(brand and brand.name) or OURS)

    def call(self, services: Services, entry: LedgerEntry, prepared: Sending) -> str:
        """Hand it to the carrier. Raises `Refused` if nobody waits for it by now, or it may not be spent."""
        if prepared.late:
            raise Refused("nobody waits for the code any more")
        carrier = leave_by(services, entry, NumberCode)
        spend(services, entry, carrier, _use(services, prepared.code, carrier))
        network = services.network(carrier)
        if prepared.code.way is Way.CALL:
            return network.calling.place(_call(services, entry, prepared.code, carrier))
        return network.messaging.send(_text(services, entry, prepared, carrier)).reference

    def look(self, services: Services, entry: LedgerEntry, prepared: Sending) -> str | CannotTell | None:
        """A text of the same words, or a call between the same numbers, since it was asked for.

        What the carrier cannot tell matters no more once it is too late: then it is not sent again either way.
        """
        carrier = prepared.code.carrier or services.home
        network, since = services.network(carrier), entry.asked_since(prepared.code.made_at)
        if entry.reference:  # from a status callback
            return entry.reference
        if prepared.code.way is Way.CALL:
            return next(reversed(network.calling.find(_call(services, entry, prepared.code, carrier), since)), None)
        found = network.messaging.find(_text(services, entry, prepared, carrier), since)
        if isinstance(found, CannotTell):
            return None if prepared.late else found
        return next((one.reference for one in reversed(found)), None)

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Nothing follows: the page waits for the code."""

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Note that it did not leave; the page proposes another way."""
        note_undelivered(session, entry)


def _lately(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which, NumberCode.asked_at > real_time() - _DAY)) or 0


def _digits(nonce: str, secret_key: str) -> str:
    made = hmac.digest(secret_key.encode(), f"number code {nonce}".encode(), "sha256")
    return f"{int.from_bytes(made[:8]) % 10**_DIGITS:0{_DIGITS}}"


def _use(services: Services, code: NumberCode, carrier: str) -> Use:
    prices = services.network(carrier).prices
    cost = call_cost(prices, [code.number], 1) if code.way is Way.CALL else text_cost(prices, code.number, segments=1)
    return Use(code.workspace_id, services.platform_number(carrier), (code.number,), cost)


def _text(services: Services, entry: LedgerEntry, prepared: Sending, carrier: str) -> OutgoingMessage:
    code = prepared.code
    digits = _digits(code.nonce, services.settings.secret_keys[0])
    return OutgoingMessage(
        sender=services.platform_number(carrier),
        recipient=code.number,
        text=wording(_TEXTED[code.purpose], code.language, code=digits, brand=prepared.brand),
        status_url=addresses(services, carrier).message_status(entry.tag),
        tag=entry.tag,
    )


def _call(services: Services, entry: LedgerEntry, code: NumberCode, carrier: str) -> OutgoingCall:
    to = addresses(services, carrier)
    return OutgoingCall(
        sender=services.platform_number(carrier),
        recipient=code.number,
        answer_url=to.voice(Carried(Step.CODE, entry=entry.tag)),
        status_url=to.call_status(Carried(Step.CODE)),
    )
