"""Calls out: the member's own phone rings first, and when they have pressed a key, they are put through.

The contact sees the line's number, or the customer's own number once the carrier may show it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, exists, func, select, union
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    CallPlaced,
    Event,
    KeyPressed,
    RingEnded,
)
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.voice import AskForKey, CallStep, HangUp, Ring
from service.callback_addresses import Addresses, Carried, Step, addresses
from service.calls.consent import is_announced, why_announced
from service.calls.costs import count_call, priced
from service.calls.emergency import HELP_SECONDS, after_ringing, is_emergency
from service.calls.legs.ending import caller_gone, leg_ended
from service.calls.legs.models import Leg
from service.calls.plan_walk import ACCEPT
from service.calls.queries import Answering
from service.calls.words import say
from service.db import Read, Reads
from service.errors import Conflict, Invalid
from service.inbox.models import Call, Contact, Conversation, Direction, Outcome
from service.inbox.outside import publish_ended
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.lines.inventory import carrier_holding, numbers_of, shown_number
from service.lines.leaving import MOVED_AWAY, has_left
from service.lines.models import Phone, PhoneNumber, Standing
from service.lines.own_number import ask_whether_proven, own_number_of, shown_instead
from service.phone_numbers import is_dialable
from service.services import Services
from service.spending.destinations import COSTS_EXTRA, costs_extra
from service.spending.estimates import RESERVED, call_cost
from service.spending.expenses import correct
from service.spending.permission import Use, spend, write_down
from service.time import now

RING_SECONDS: Final = 30
OPEN_AT_ONCE: Final = 50
"""So many calls out are asked about in one go."""

ENDED_AFTER: Final = timedelta(hours=5)
"""An answered call out without a length that is older is asked about no more: it may have taken no second."""

PATIENCE: Final = timedelta(minutes=2)
"""A call that could not be placed by then is given up: its author no longer expects a phone to ring."""


def call_out(
    session: Session, conversation: Conversation, phone_id: int, user_id: int, helped: PhoneNumber | None = None
) -> Call:
    """Ring a phone of the line, and call the contact as soon as it is answered.

    A second request by the same user while the phone rings returns the first call. A number that is `helped`
    (`emergency.number_to_help`) calls emergency services.

    Raises:
        Conflict: the contact has no phone number or a premium one, or the line has no number to call from.
        Invalid: the phone is not on the line.
    """
    if not (helped or is_dialable(conversation.contact.number)):
        raise Conflict("You can’t call this caller back. They have no phone number.")
    if costs_extra(conversation.contact.number):
        raise Conflict(COSTS_EXTRA)
    phone = session.scalar(select(Phone).where(Phone.id == phone_id, Phone.line_id == conversation.line_id))
    if phone is None or (is_browser(phone.number) and phone.user_id != user_id):
        raise Invalid({"phone": ["Choose one of the phones of the line."]})
    number = helped or shown_number(
        worn for worn in numbers_of(session, conversation.line_id) if worn.standing is Standing.HELD
    )
    if number is None:
        left = has_left(session, conversation.line_id)
        raise Conflict(MOVED_AWAY if left else "Your line has no number to call from yet.")
    session.refresh(conversation, with_for_update=True)
    return _going_on(session, conversation, user_id) or _begin(session, conversation, phone, number, user_id)


def _going_on(session: Session, conversation: Conversation, user_id: int) -> Call | None:
    theirs = (Call.conversation_id == conversation.id, Call.author_id == user_id, Call.direction == Direction.OUT)
    ringing = (Call.outcome == Outcome.RINGING, Call.at > now() - timedelta(seconds=RING_SECONDS))
    return session.scalar(select(Call).where(*theirs, *ringing).limit(1))


def _begin(session: Session, conversation: Conversation, phone: Phone, number: PhoneNumber, user_id: int) -> Call:
    call = Call(
        conversation=conversation,
        direction=Direction.OUT,
        number=number.number,
        shown="" if is_emergency(conversation.contact.number) else shown_instead(session, number),
        rung_first=phone.number,
        author_id=user_id,
        outcome=Outcome.RINGING,
        at=now(),
    )
    session.add(call)
    session.flush()
    conversation.last_at = call.at
    conversation.touch()
    owe(session, EntryKind.PLACE_CALL, call.id)
    return call


@dataclass(frozen=True, slots=True)
class Order:
    """A call ready to be ordered: its row, its line, the carrier that holds the line's number, and whom it is to."""

    call: Call
    line_id: int
    carrier: str
    contact: Contact

    def worded(self, services: Services, entry: LedgerEntry) -> OutgoingCall:
        """The order in the carrier's terms. The member's phone shows the same number as the contact's will."""
        to, carried = addresses(services, self.carrier), Carried(Step.OUT, self.line_id, entry=entry.tag)
        return OutgoingCall(
            sender=self.call.shown or self.call.number,
            recipient=self.call.rung_first,
            answer_url=to.voice(carried),
            status_url=to.call_status(carried),
            seconds=RING_SECONDS,
            parameters={"call": str(self.call.id)} if is_browser(self.call.rung_first) else {},
        )

    def use(self, services: Services) -> Use:
        """What it takes: the member's phone and the contact are rung, each for the minutes that a call reserves."""
        cost = call_cost(services.network(self.carrier).prices, priced(self.call, self.contact), RESERVED)
        return Use(self.contact.workspace_id, self.call.number, (self.call.rung_first, self.contact.number), cost)


class PlaceCall(Performer[Order]):
    """Orders a call that a member asked for in the inbox."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Order:
        """Read what the order needs."""
        call = session.get_one(Call, entry.subject_id)
        thread = call.conversation
        return Order(call, thread.line_id, carrier_holding(session, call.number), thread.contact)

    def call(self, services: Services, entry: LedgerEntry, prepared: Order) -> str:
        """Order the call. Raises `Refused` if it was asked for longer ago than `PATIENCE`, or may not be made."""
        if now() - prepared.call.at > PATIENCE:
            raise Refused("nobody waits for the call any more")
        book = write_down if is_emergency(prepared.contact.number) else spend
        book(services, entry, prepared.carrier, prepared.use(services))
        return services.network(prepared.carrier).calling.place(prepared.worded(services, entry))

    def look(self, services: Services, entry: LedgerEntry, prepared: Order) -> str | None:
        """The carrier's id: from a callback if one came, else of a call between the same numbers that no row has."""
        if prepared.call.reference:
            return prepared.call.reference
        since = entry.asked_since(prepared.call.at)
        ordered = services.network(prepared.carrier).calling.find(prepared.worded(services, entry), since)
        with services.sessions() as session:
            calls = select(Call.reference).where(Call.reference.in_(ordered))
            legs = select(Leg.reference).where(Leg.reference.in_(ordered))  # the same phone may ring for a caller too
            claimed = set(session.scalars(union(calls, legs)))
        return next((one for one in ordered if one not in claimed), None)

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Store the carrier's id, by which the callback about a recording finds the call; a callback may tell it."""
        call = session.get_one(Call, entry.subject_id)
        call.reference = call.reference or reference or None  # some carriers tell it by a callback alone

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Show the call as not connected."""
        correct(session, entry.id, Decimal(0))
        call = session.get_one(Call, entry.subject_id)
        call.outcome = Outcome.MISSED
        call.conversation.touch()
        own = own_number_of(session, call.conversation.line_id)
        if call.shown and own:  # perhaps the carrier no longer shows it: the next call should not fail for it
            ask_whether_proven.defer(session, own_number_id=own.id)


_OTHER_SIDE = Read(
    select(Contact.number, Contact.name, func.coalesce(func.nullif(Call.shown, ""), Call.number), Call.rung_first)
    .join(Conversation, Conversation.contact_id == Contact.id)
    .join(Call, Call.conversation_id == Conversation.id)
    .join(LedgerEntry, LedgerEntry.subject_id == Call.id)
    .where(LedgerEntry.tag == bindparam("entry"), LedgerEntry.kind == EntryKind.PLACE_CALL)
)


def go_on(reads: Reads, line: Answering, to: Addresses, event: Event, carried: Carried) -> list[CallStep]:
    """The next steps of a call out: the member is asked to press a key, then put through; in a browser at once."""
    found = _OTHER_SIDE.first(reads, entry=carried.entry)
    if found is None:
        return [HangUp()]
    contact, name, number, rung_first = found
    if carried.step is Step.OUT and isinstance(event, CallArrived) and is_browser(rung_first):
        return _put_through(line, to, Ends(contact, number, rung_first), carried.entry)
    if carried.step is Step.OUT and isinstance(event, CallArrived):
        prompt = say("call_out", line.language, name=name or " ".join(contact.lstrip("+")))
        return [AskForKey(prompt, to.voice(Carried(Step.CONNECT, line.line_id, entry=carried.entry))), HangUp()]
    if carried.step is Step.CONNECT and isinstance(event, KeyPressed) and event.key == ACCEPT:
        return _put_through(line, to, Ends(contact, number, rung_first), carried.entry)
    return after_ringing(event, contact, line.country, line.language) if is_emergency(contact) else [HangUp()]


@dataclass(frozen=True, slots=True)
class Ends:
    """Between whom a call out goes: the contact, the number that they see, and the member's phone."""

    contact: str
    shown: str
    phone: str


def _put_through(line: Answering, to: Addresses, ends: Ends, entry: str) -> list[CallStep]:
    """Ring the contact. If calls are recorded, the member hears so now, and the contact as they pick up, if need be.

    Emergency services are rung at once, and nothing of that is recorded.
    """
    why = "" if is_emergency(ends.contact) else why_announced(line.plan, (ends.contact, ends.shown, ends.phone))
    ring = ring_contact(to, line.line_id, ends, why, entry)
    return [say("recorded", line.language), ring] if why else [ring]


def ring_contact(to: Addresses, line_id: int, ends: Ends, why: str, entry: str) -> Ring:
    """The step that rings the contact. `why` they hear of a recording or do not (`consent`), "" if there is none."""
    return Ring(
        numbers=(ends.contact,),
        seconds=HELP_SECONDS if is_emergency(ends.contact) else RING_SECONDS,
        then_url=to.voice(Carried(Step.TALKED, line_id, entry=entry)),
        caller_id=ends.shown,
        screen_url=to.voice(Carried(Step.ANNOUNCED, line_id)) if is_announced(why) else "",
        recording_url=to.recording(why) if why else "",
    )


def open_calls(session: Session, carrier: str, *, placed_before: datetime) -> list[tuple[int, str]]:
    """Calls out whose end is not known, as our id and the carrier's, on numbers that live at this carrier."""
    lives_there = exists().where(PhoneNumber.number == Call.number, PhoneNumber.carrier == carrier)
    placed = (Call.direction == Direction.OUT, Call.reference.is_not(None), Call.at < placed_before)
    talks = (Call.outcome == Outcome.ANSWERED) & (Call.seconds == 0) & (Call.at > now() - ENDED_AFTER)
    rows = select(Call.id, Call.reference).where(*placed, (Call.outcome == Outcome.RINGING) | talks, lives_there)
    found = session.execute(rows.order_by(Call.id).limit(OPEN_AT_ONCE))
    return [(call_id, reference) for call_id, reference in found if reference]


def progress(session: Session, services: Services, event: CallPlaced | RingEnded | CallEnded, call_id: int) -> None:
    """Note from a callback about the member's call, in any order, its id, and what became of the call out.

    Once the contact has picked up on a call of their own, that tells when the talk has ended.
    """
    if isinstance(event, CallEnded) and _has_ended(session, event):
        return
    call = session.get(Call, call_id, with_for_update=True)
    if call is None or call.direction is not Direction.OUT:
        return
    call.reference = call.reference or event.reference
    call.conversation.touch()
    if isinstance(event, RingEnded):
        call.outcome = Outcome.ANSWERED if event.outcome is CallOutcome.ANSWERED else Outcome.MISSED
    elif isinstance(event, CallEnded):
        call.seconds = event.seconds
        call.outcome = Outcome.MISSED if call.outcome is Outcome.RINGING else call.outcome
        count_call.defer_once(session, call_id=call.id)
        publish_ended(session, call)


def _has_ended(session: Session, event: CallEnded) -> bool:
    """Have a member's end end what they were in. Whether that was a talk, which may go on without them."""
    leg = session.scalar(select(Leg).where(Leg.reference == event.reference))
    if leg is None:
        caller_gone(session, event.reference)
        return False
    leg_ended(session, event, leg.tag)
    return True
