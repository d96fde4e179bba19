"""Showing the customer's own number on calls out while it is still at their old operator.

A carrier shows a number of another operator once it has called it and a code, shown on our page, was keyed in there, or
one that is heard there was entered on our page.
The carrier keeps that proof for the whole account, so we decide which line may show a number, and have the carrier
forget the proof once no line does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
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
from service.spending.estimates import call_cost
from service.spending.expenses import correct
from service.spending.permission import Use, spend
from service.time import now

PATIENCE: Final = timedelta(minutes=2)
"""A call for a code that could not be made by then is given up: the customer no longer has the page open."""

OVER: Final = timedelta(minutes=5)
"""A call for a code has ended by then; the carrier is asked once more, in case the callback was lost."""

CALLS_A_DAY: Final = 5
"""How often a day a number is called for a code, for all lines together."""

PROVEN: Final = "proven"
"""Stands for a code that was keyed in before we learned it."""

READ_OUT: Final = "read out"
"""Stands for a code that is read out to a person, whom we have to ask for it."""

LONGEST_CODE: Final = 16

_OPEN: Final = (Showing.ASKED, Showing.RINGING, Showing.SHOWN)


def begin(session: Session, line: Line, number: str) -> None:
    """Have the carrier call a number (E.164) for its code. Idempotent.

    The function that calls this has to make sure that the number is being ported to the line.

    Raises:
        Conflict: another line shows it, or this line has no number to call from, or has a primary number.
        TooMany: the number was called `CALLS_A_DAY` times within a day.
    """
    carrier = _carrier_for(session, line.id)
    taken = session.scalar(select(OwnNumber).where(OwnNumber.number == number, OwnNumber.state.in_(_OPEN)))
    if taken is None:
        end(session, line.id)
        _call_for_code(session, line.id, number, carrier)
    elif taken.line_id != line.id:
        raise Conflict("Another line shows this number. If it’s yours, email us.")


def end(session: Session, line_id: int) -> None:
    """Stop showing the customer's own number on calls of a line, and have the carrier forget its proof. Idempotent."""
    _end(session, OwnNumber.line_id == line_id)


def end_for_numbers(session: Session, numbers: Iterable[str]) -> None:
    """Stop showing these numbers (E.164), which are no longer being ported, and have their proofs forgotten."""
    _end(session, OwnNumber.number.in_(list(numbers)))


def own_number_of(session: Session, line_id: int) -> OwnNumber | None:
    """The line's latest request to show the customer's own number, whatever its state."""
    latest = select(OwnNumber).where(OwnNumber.line_id == line_id).order_by(OwnNumber.at.desc(), OwnNumber.id.desc())
    return session.scalar(latest.limit(1))


def shown_instead(session: Session, held: PhoneNumber) -> str:
    """The number (E.164) that calls from `held` show instead of it, "" if none: never once `held` is primary."""
    if held.role is NumberRole.PRIMARY:
        return ""
    own = own_number_of(session, held.line_id)
    return own.number if own and own.state is Showing.SHOWN and own.carrier == held.carrier else ""


def enter_code(session: Session, line_id: int, code: str) -> None:
    """Keep the code that was read out to a person, and have the carrier compare it.

    Raises:
        Conflict: this cannot be a code, no call for one is under way, or it has its code already.
    """
    if not code.isdecimal() or len(code) > LONGEST_CODE:
        raise Conflict("Enter the digits you heard.")
    own = own_number_of(session, line_id)
    if own is None or own.state is not Showing.RINGING or own.code:
        raise Conflict("That call is over. Ask for another one.")
    own.code = code
    finish_proof.defer(session, own_number_id=own.id)


def proof_ended(session: Session, own_number_id: int) -> None:
    """A call for a code has ended: queue the question for its result. Raises `NotFound` until the call is stored."""
    own = session.get(OwnNumber, own_number_id)
    if own is None or own.state is Showing.ASKED:
        raise NotFound("no such call for a code yet")
    ask_whether_proven.defer(session, own_number_id=own_number_id)


def _carrier_for(session: Session, line_id: int) -> str:
    held = shown_number(worn for worn in numbers_of(session, line_id) if worn.standing is Standing.HELD)
    if held is None:
        raise Conflict("Your line has no number to call from yet.")
    if held.role is NumberRole.PRIMARY:
        raise Conflict("This line already has its own number, and calls show it.")
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
        raise TooMany("We’ve called this number several times today. Try again tomorrow.")
    row = insert(OwnNumber).values(line_id=line_id, number=number, carrier=carrier)
    own_number_id = session.scalar(row.on_conflict_do_nothing().returning(OwnNumber.id))
    if own_number_id:  # None if another request did the same at this moment
        owe(session, EntryKind.PROVE_NUMBER, own_number_id)


@dataclass(frozen=True, slots=True)
class CodeCall:
    """A call for a code: the request, its line, whether it is in time, and whether it was proven before."""

    own: OwnNumber
    line: Line
    waited_for: bool
    again: bool


class ProveNumber(Performer[CodeCall]):
    """Has the carrier call a number for its code. It calls at once, so only while the customer waits for it."""

    def prepare(self, session: Session, entry: LedgerEntry) -> CodeCall:
        """Read what the call needs."""
        own = session.get_one(OwnNumber, entry.subject_id)
        waited_for = own.state is Showing.ASKED and now() - own.at <= PATIENCE
        again = exists().where(OwnNumber.number == own.number, OwnNumber.proven_at.is_not(None))
        return CodeCall(own, session.get_one(Line, own.line_id), waited_for, bool(session.scalar(select(again))))

    def call(self, services: Services, entry: LedgerEntry, prepared: CodeCall) -> str:
        """Have the carrier call the number. Returns the code, or READ_OUT. Raises `Refused` if it may not be called."""
        if not prepared.waited_for:
            raise Refused("nobody waits for the call any more")
        number, carrier = prepared.own.number, prepared.own.carrier
        cost = call_cost(services.network(carrier).prices, [number], 1)
        spend(services, entry, carrier, Use(prepared.line.workspace_id, number, (number,), cost))
        over = addresses(services, prepared.own.carrier).number_proof(entry.tag)
        calling = services.network(prepared.own.carrier).calling
        if prepared.again:  # a new request can be quicker than the job that has the carrier forget the first proof
            calling.stop_showing(prepared.own.number)
        return calling.begin_proof(number, prepared.line.name, over) or READ_OUT

    def look(self, services: Services, entry: LedgerEntry, prepared: CodeCall) -> str | None:
        """No code: it was lost with the carrier's answer, and the customer has to ask for another call.

        After the database was restored, the code may have been keyed in already, which the carrier knows.
        """
        calling = services.network(prepared.own.carrier).calling
        return PROVEN if entry.look_since and not prepared.again and calling.may_show(prepared.own.number) else ""

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Store the code, which the page shows while the phone rings; it asks for one that is read out."""
        own = session.get_one(OwnNumber, entry.subject_id)
        if own.state is Showing.ASKED and reference == PROVEN:
            own.state, own.proven_at = Showing.SHOWN, now()
        elif own.state is Showing.ASKED:
            own.code = "" if reference == READ_OUT else reference
            own.state = Showing.RINGING if reference else Showing.UNPROVEN
            ask_whether_proven.defer_in(session, OVER, own_number_id=own.id)

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Show that the carrier does not call this number, or shows it for another account already."""
        correct(session, entry.id, Decimal(0))
        own = session.get_one(OwnNumber, entry.subject_id)
        if own.state is Showing.ASKED:
            own.state = Showing.UNPROVEN if now() - own.at > PATIENCE else Showing.REFUSED


@task
def ask_whether_proven(services: Services, *, own_number_id: int) -> None:
    """Ask the carrier whether it may show a number, and store the answer."""
    with services.sessions() as session:
        own = session.get_one(OwnNumber, own_number_id)
    if own.state not in _LEARNED:
        return
    _note_proof(services, own_number_id, proven=services.network(own.carrier).calling.may_show(own.number))


@task
def finish_proof(services: Services, *, own_number_id: int) -> None:
    """Give the carrier the code that was read out, and store its answer."""
    with services.sessions() as session:
        own = session.get_one(OwnNumber, own_number_id)
    if own.state is not Showing.RINGING:
        return
    try:
        services.network(own.carrier).calling.finish_proof(own.number, own.code)
    except Refused:
        _note_proof(services, own_number_id, proven=False)
    else:
        _note_proof(services, own_number_id, proven=True)


def _note_proof(services: Services, own_number_id: int, *, proven: bool) -> None:
    with services.sessions.begin() as session:
        own = session.get_one(OwnNumber, own_number_id, with_for_update=True)
        if own.state in _LEARNED:
            own.state = Showing.SHOWN if proven else Showing.UNPROVEN
            own.proven_at = (own.proven_at or now()) if proven else None


@task
def forget_proof(services: Services, *, own_number_id: int) -> None:
    """Have the carrier forget the proof of a number, unless a line shows the number."""
    with services.sessions() as session:
        own = session.get_one(OwnNumber, own_number_id)
        shown = exists().where(OwnNumber.number == own.number, OwnNumber.state == Showing.SHOWN)
        if session.scalar(select(shown)):
            return
    services.network(own.carrier).calling.stop_showing(own.number)


_LEARNED: Final = (Showing.RINGING, Showing.SHOWN)
