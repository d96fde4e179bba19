"""Compare the sandbox's records with our rows, both ways: every number, text and port."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.porting.records import FINAL_NUMBERS, NumberStatus
from sandbox.records import State as Carrier
from sandbox.telnyx.records import OVER
from service.callback_addresses import read
from service.inbox.models import Direction, Message
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import PhoneNumber, Standing
from service.porting.models import CarrierOrder, PortNumber
from service.porting.states import CALLED_OFF, State

T = TypeVar("T")

OPEN = (Progress.READY, Progress.TRYING)
SENT_BY_US = {EntryKind.SEND_TEXT, EntryKind.SEND_MESSAGE, EntryKind.SEND_NUMBER_CODE}

# our states that fit each status at the carrier, once we have asked it; a refiled number belongs to its new order
FITTING = {
    NumberStatus.IN_REVIEW: {State.IN_REVIEW, State.CANCEL_REQUESTED},
    NumberStatus.WAITING_FOR_SIGNATURE: {State.AWAITING_SIGNATURE, State.CANCEL_REQUESTED},
    NumberStatus.PORT_SUBMITTED: {State.WITH_LOSING_CARRIER, State.CANCEL_REQUESTED},
    NumberStatus.PORT_PENDING: {State.SCHEDULED, State.ACTIVATING, State.CANCEL_REQUESTED},
    NumberStatus.PORT_REJECTED: {State.ACTION_REQUIRED, State.NOT_PORTABLE, State.CANCEL_REQUESTED},
    NumberStatus.COMPLETED: {State.PORTED, State.LIVE, State.RETURNED},
    NumberStatus.CANCELING: {State.CANCEL_REQUESTED, State.SUBMITTING},
    NumberStatus.CANCELED: CALLED_OFF,
}


def unexplained(session: Session, carrier: Carrier, platform_number: str) -> list[str]:
    """A sentence for each difference between the carrier's records and our rows."""
    return [
        *_owed(session),
        *_numbers(session, carrier, platform_number),
        *_texts_out(session, carrier),
        *_texts_in(session, carrier, platform_number),
        *_orders(session, carrier),
        *_ports(session, carrier),
    ]


def doubled(carrier: Carrier) -> list[str]:
    """What the carrier did twice for one entry of ours, whatever state our own books are in."""
    live = Counter(
        number.phone_number
        for order in carrier.port_ins.values()
        for number in order.numbers
        if number.status not in FINAL_NUMBERS and number.not_portable_code is None
    )
    live.update(
        number for order in carrier.port_orders.values() if order.status not in OVER for number in order.numbers
    )
    bought = Counter(number.friendly_name for number in carrier.numbers.values() if number.friendly_name)
    return [
        *(f"text of entry {entry} sent {times} times" for entry, times in _twice(texts_by_entry(carrier))),
        *(f"{what} registered {times} times" for what, times in _twice(registered(carrier))),
        *(f"{tag} bought {times} numbers" for tag, times in _twice(bought) if tag.startswith("portline-")),
        *(f"{number} in {times} live orders" for number, times in _twice(live)),
    ]


def registered(carrier: Carrier) -> Counter[str]:
    """How often each thing of ours is registered: a business, a pool or a number by its tag, a program by its fees."""
    pools = [service.friendly_name.rpartition(" ")[2] for service in carrier.services.values()]
    numbers = [str(one.fields.get("external_reference_id")) for one in carrier.verifications.values()]
    return Counter(
        [
            *(f"business {carrier.profiles[one.a2p_profile].friendly_name}" for one in carrier.brands.values()),
            *(f"program of {fee.about}" for fee in carrier.fees if fee.reason == "review"),
            *(tag for tag in [*pools, *numbers] if tag.startswith("portline-")),
        ]
    )


def texts_by_entry(carrier: Carrier) -> Counter[str]:
    """How many texts left for each entry: the id stands in the address that news of a text is sent to."""
    carried = (read(urlsplit(text.status_callback).query) for text in carrier.messages.values())
    return Counter(one.entry for one in carried if one.entry)


def _twice(counted: Counter[T]) -> Iterator[tuple[T, int]]:
    return ((what, times) for what, times in counted.items() if times > 1)


def _owed(session: Session) -> Iterator[str]:
    for entry in session.scalars(select(LedgerEntry).where(LedgerEntry.progress.in_([*OPEN, Progress.PARKED]))):
        yield f"entry {entry.id} ({entry.kind}) is {entry.progress} after {entry.tries} tries: {entry.trouble}"


def _numbers(session: Session, carrier: Carrier, platform_number: str) -> Iterator[str]:
    held = select(PhoneNumber.number).where(PhoneNumber.standing == Standing.HELD)
    coming = select(PortNumber.number).where(PortNumber.order_id.is_not(None))
    ours, explained = set(session.scalars(held)), {platform_number, *session.scalars(coming)}
    theirs = {number.phone_number for number in carrier.numbers.values()}
    yield from (f"number {number} is at the carrier and in no row" for number in sorted(theirs - ours - explained))
    yield from (f"number {number} is in a row and not at the carrier" for number in sorted(ours - theirs))


def _texts_out(session: Session, carrier: Carrier) -> Iterator[str]:
    sent = texts_by_entry(carrier)
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.kind.in_(SENT_BY_US)))
    ours = {entry.tag: entry.progress for entry in rows}
    yield from (f"text of entry {entry} was sent {times} times" for entry, times in _twice(sent))
    yield from (f"text of entry {entry} was sent, and is in no row" for entry in sorted(sent.keys() - ours.keys()))
    for entry, progress in ours.items():
        if (progress is Progress.DONE) != (entry in sent):
            yield f"text of entry {entry} is {progress}, and the carrier has {sent[entry]}"


def _texts_in(session: Session, carrier: Carrier, platform_number: str) -> Iterator[str]:
    """Texts from the platform's own number are left out: they test a number that was ported."""
    wanted = select(Message.reference).where(Message.direction == Direction.IN)
    ours = Counter(session.scalars(wanted))
    held = set(session.scalars(select(PhoneNumber.number)))
    inbound = [
        text for text in carrier.messages.values() if text.direction == "inbound" and text.from_ != platform_number
    ]
    for text in inbound:
        if ours[text.sid] != 1 and text.to in held:
            yield f"text {text.sid} came in and is in {ours[text.sid]} rows"
    yield from (f"text {one} is in a row and never came in" for one in ours.keys() - {text.sid for text in inbound})


def _orders(session: Session, carrier: Carrier) -> Iterator[str]:
    ours, theirs = set(session.scalars(select(CarrierOrder.reference))), set(carrier.port_ins)
    yield from (f"order {order} is at the carrier and in no row" for order in sorted(theirs - ours))
    yield from (f"order {order} is in a row and not at the carrier" for order in sorted(ours - theirs))


def _ports(session: Session, carrier: Carrier) -> Iterator[str]:
    """Compare each number's state with its status in the carrier's order."""
    for number in session.scalars(select(PortNumber).where(PortNumber.order_id.is_not(None))):
        order = carrier.port_ins.get(number.order.reference) if number.order else None
        for shown in order.numbers if order else ():
            filed_anew = number.order and number.order.attempt_id != number.attempt_id
            if shown.phone_number == number.number and not filed_anew and number.state not in FITTING[shown.status]:
                yield f"port number {number.id} is {number.state}, and the carrier says {shown.status}"


def summary(findings: Iterable[str], most: int = 5) -> str:
    """The number of findings, and the first few, a line each."""
    found = list(findings)
    return "\n".join([f"  unexplained {len(found)}", *(f"    {one}" for one in found[:most])])
