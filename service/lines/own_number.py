"""The customer's own number, shown on calls out while it still lives at their old operator.

A carrier shows a number of somebody else's once a code was keyed at that phone: it calls there, and our page tells
the code. It keeps that for its whole account, so which line may show a number is decided here; and once none does any
more, the carrier is told to forget it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Refused
from service.callback_addresses import addresses
from service.errors import Conflict, NotFound, TooMany
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import Line, NumberRole, OwnNumber, PhoneNumber, Showing, Standing
from service.queue import task
from service.services import Services
from service.time import now

PATIENCE: Final = timedelta(minutes=2)
"""Whoever waited beside the phone has gone by then: a call for a code they cannot see would only puzzle them."""

OVER: Final = timedelta(minutes=5)
"""A call for a code has ended by then; asked once more in case its news was lost."""

CALLS_A_DAY: Final = 5
"""So often a phone is rung for its code, however many lines ask."""

PROVEN: Final = "proven"
"""In place of a code: it was keyed before we could learn it."""

_OPEN: Final = (Showing.ASKED, Showing.RINGING, Showing.SHOWN)


def begin(session: Session, line: Line, number: str) -> None:
    """Have a number (E.164) called for its code. Idempotent.

    That it is on its way to the line is for the caller to know.

    Raises:
        Conflict: another line has it, or this line has no number that calls leave from, or one of its own already.
        TooMany: its phone was rung too often today.
    """
    carrier = _carrier_for(session, line.id)
    taken = session.scalar(select(OwnNumber).where(OwnNumber.number == number, OwnNumber.state.in_(_OPEN)))
    if taken is None:
        end(session, line.id)
        _call_for_code(session, line.id, number, carrier)
    elif taken.line_id != line.id:
        raise Conflict("This number is shown by another line. Please write to us if it is yours.")


def end(session: Session, line_id: int) -> None:
    """Show the line's own number no more; its proof is forgotten. Idempotent."""
    _end(session, OwnNumber.line_id == line_id)


def end_for_numbers(session: Session, numbers: Iterable[str]) -> None:
    """These numbers (E.164) are not on their way any more, so no line shows them, and no proof of them is kept."""
    _end(session, OwnNumber.number.in_(list(numbers)))


def own_number_of(session: Session, line_id: int) -> OwnNumber | None:
    """What became of the line's latest wish to show its own number."""
    latest = select(OwnNumber).where(OwnNumber.line_id == line_id).order_by(OwnNumber.at.desc(), OwnNumber.id.desc())
    return session.scalar(latest.limit(1))


def shown_instead(session: Session, held: PhoneNumber) -> str:
    """The number (E.164) shown on calls that leave from `held`, or "" where `held` is: always once it is primary."""
    if held.role is NumberRole.PRIMARY:
        return ""
    own = own_number_of(session, held.line_id)
    return own.number if own and own.state is Showing.SHOWN and own.carrier == held.carrier else ""


def proof_ended(session: Session, own_number_id: int) -> None:
    """The call for a code is over: have the carrier asked. Raises `NotFound` while we do not know that it was made."""
    own = session.get(OwnNumber, own_number_id)
    if own is None or own.state is Showing.ASKED:
        raise NotFound("no such call for a code yet")
    ask_whether_proven.defer(session, own_number_id=own_number_id)


def _carrier_for(session: Session, line_id: int) -> str:
    held = shown_number(worn for worn in numbers_of(session, line_id) if worn.standing is Standing.HELD)
    if held is None:
        raise Conflict("Your line has no number to call from yet.")
    if held.role is NumberRole.PRIMARY:
        raise Conflict("Your line has a number of its own already, and calls show it.")
    return held.carrier


def _end(session: Session, which: ColumnElement[bool]) -> None:
    for own in session.scalars(select(OwnNumber).where(which, OwnNumber.state.in_(_OPEN)).with_for_update()):
        forget_proof.defer(session, own_number_id=own.id)
        if own.state is Showing.RINGING:  # the code may still be keyed until the call is over
            forget_proof.defer_in(session, OVER, own_number_id=own.id)
        own.state = Showing.ENDED


def _call_for_code(session: Session, line_id: int, number: str, carrier: str) -> None:
    lately = (OwnNumber.number == number, OwnNumber.at > now() - timedelta(days=1))
    if session.execute(select(func.count()).where(*lately)).scalar_one() >= CALLS_A_DAY:
        raise TooMany("This number was called several times today. Please try again tomorrow.")
    row = insert(OwnNumber).values(line_id=line_id, number=number, carrier=carrier)
    own_number_id = session.scalar(row.on_conflict_do_nothing().returning(OwnNumber.id))
    if own_number_id:  # else somebody pressed at the same moment
        owe(session, EntryKind.PROVE_NUMBER, own_number_id)


@dataclass(frozen=True, slots=True)
class CodeCall:
    """A call for a code: whom it is for, whether it is still waited for, and whether the number was proven before."""

    own: OwnNumber
    name: str
    waited_for: bool
    again: bool


class ProveNumber(Performer[CodeCall]):
    """Has a number called for its code. The carrier rings at once, so it is done while somebody waits or not at all."""

    def prepare(self, session: Session, entry: LedgerEntry) -> CodeCall:
        """What the carrier has to know."""
        own = session.get_one(OwnNumber, entry.subject_id)
        waited_for = own.state is Showing.ASKED and now() - own.at <= PATIENCE
        again = exists().where(OwnNumber.number == own.number, OwnNumber.proven_at.is_not(None))
        return CodeCall(own, session.get_one(Line, own.line_id).name, waited_for, bool(session.scalar(select(again))))

    def call(self, services: Services, entry: LedgerEntry, prepared: CodeCall) -> str:
        """Have it called; the code."""
        if not prepared.waited_for:
            raise Refused("nobody waits for the call any more")
        over = addresses(services, prepared.own.carrier).number_proof(entry.tag)
        calling = services.network(prepared.own.carrier).calling
        if prepared.again:  # who stops and begins anew can be quicker than the job that has the first proof forgotten
            calling.stop_showing(prepared.own.number)
        return calling.prove_number(prepared.own.number, prepared.name, over)

    def look(self, services: Services, entry: LedgerEntry, prepared: CodeCall) -> str | None:
        """The code was lost with the answer, and a second call would surprise: somebody has to ask for it anew.

        After a restoration the code may have been keyed since, which the carrier tells.
        """
        calling = services.network(prepared.own.carrier).calling
        return PROVEN if entry.look_since and not prepared.again and calling.may_show(prepared.own.number) else ""

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """It rings: the page shows the code."""
        own = session.get_one(OwnNumber, entry.subject_id)
        if own.state is Showing.ASKED and reference == PROVEN:
            own.state, own.proven_at = Showing.SHOWN, now()
        elif own.state is Showing.ASKED:
            own.code, own.state = reference, Showing.RINGING if reference else Showing.UNPROVEN
            ask_whether_proven.defer_in(session, OVER, own_number_id=own.id)

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """The carrier does not call such a number, or shows it for somebody else already."""
        own = session.get_one(OwnNumber, entry.subject_id)
        if own.state is Showing.ASKED:
            own.state = Showing.UNPROVEN if now() - own.at > PATIENCE else Showing.REFUSED


@task
def ask_whether_proven(services: Services, *, own_number_id: int) -> None:
    """Ask the carrier whether a number may be shown now, or still."""
    with services.sessions() as session:
        own = session.get_one(OwnNumber, own_number_id)
    if own.state not in _LEARNED:
        return
    proven = services.network(own.carrier).calling.may_show(own.number)
    with services.sessions.begin() as session:
        own = session.get_one(OwnNumber, own_number_id, with_for_update=True)
        if own.state in _LEARNED:
            own.state = Showing.SHOWN if proven else Showing.UNPROVEN
            own.proven_at = (own.proven_at or now()) if proven else None


@task
def forget_proof(services: Services, *, own_number_id: int) -> None:
    """Have the carrier forget that a number was proven, unless it was proven anew and is shown."""
    with services.sessions() as session:
        own = session.get_one(OwnNumber, own_number_id)
        shown = exists().where(OwnNumber.number == own.number, OwnNumber.state == Showing.SHOWN)
        if session.scalar(select(shown)):
            return
    services.network(own.carrier).calling.stop_showing(own.number)


_LEARNED: Final = (Showing.RINGING, Showing.SHOWN)
