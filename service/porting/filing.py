"""Filing an attempt at the carrier, exactly once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Refused, Unavailable
from provisioning.contract.porting import (
    Address,
    FiledNumber,
    Filing,
    OrderSnapshot,
    Paper,
    PortStatus,
    ReasonCode,
    Subscriber,
    Verdict,
)
from provisioning.contract.porting_facet import Porting
from service.ledger import leases
from service.ledger.ledger import call_off, may_be_done, owe
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.ledger.restorations import forgotten_since
from service.porting.asking import ask_carrier
from service.porting.letters import signed_letter
from service.porting.models import Attempt, CarrierOrder, Cause, PortNumber, PortProject
from service.porting.needs import address_country, asked
from service.porting.states import Fact, State
from service.porting.transitions import Transition, transition_together
from service.services import Services

# the reason code for each field, by its name in the contract, that a carrier can refuse
REFUSED_FIELDS = {
    "number": ReasonCode.NUMBER_NOT_ON_ACCOUNT,
    "account_number": ReasonCode.ACCOUNT_NUMBER,
    "pin": ReasonCode.PIN,
    "name": ReasonCode.END_USER_NAME,
    "authorized_person": ReasonCode.AUTHORIZED_PERSON,
    "billing_number": ReasonCode.BILLING_NUMBER,
    "address": ReasonCode.ADDRESS,
    "street": ReasonCode.ADDRESS,
    "street2": ReasonCode.ADDRESS,
    "city": ReasonCode.ADDRESS,
    "region": ReasonCode.ADDRESS,
    "postal_code": ReasonCode.POSTAL_CODE,
    "letter": ReasonCode.LOA,
    "wished": ReasonCode.DATE,
}

_ENDED = {PortStatus.CANCELED, PortStatus.EXPIRED}

_LINGERING = {ReasonCode.DUPLICATE_REQUEST, ReasonCode.ALREADY_OURS}


def file_when_free(session: Session, attempt_id: int) -> None:
    """Owe the filing of an attempt, unless an older order still holds one of its numbers."""
    numbers = session.scalars(select(PortNumber).where(PortNumber.attempt_id == attempt_id))
    if all(is_free(number) for number in numbers):
        owe(session, EntryKind.FILE_PORT, attempt_id, look_since=forgotten_since(session))


def is_free(number: PortNumber) -> bool:
    """Whether no order of ours holds a number: it was never filed, or its order has ended."""
    return number.order_id is None or number.carrier_status in _ENDED


def call_off_filing(session: Session, attempt_id: int) -> bool:
    """Have an attempt not filed, if that was not begun. False: the carrier may have its order already."""
    call_off(session, EntryKind.FILE_PORT, attempt_id)
    return not may_be_done(session, EntryKind.FILE_PORT, attempt_id)


class _Prepared:
    """An attempt that is ready to be filed; `since` is earlier than `made_at` by as much as clocks may differ."""

    def __init__(self, attempt: Attempt, filing: Filing, since: datetime) -> None:
        self.carrier = attempt.carrier
        self.made_at = attempt.made_at
        self.since = since
        self.again = attempt.previous_id is not None
        self.filing = filing


class FilePort(Performer[_Prepared]):
    """Files an attempt, which is the entry's subject."""

    def prepare(self, session: Session, entry: LedgerEntry) -> _Prepared:
        """Read what the carrier needs, from the project as it is now."""
        attempt = session.get_one(Attempt, entry.subject_id)
        return _Prepared(attempt, filing_of(session, attempt), entry.asked_since(attempt.made_at))

    def call(self, services: Services, entry: LedgerEntry, prepared: _Prepared) -> str:
        """File the attempt. Returns the references of all orders that the carrier made of it, separated by commas."""
        porting = services.carriers[prepared.carrier].porting
        if prepared.again:
            _wait_for_the_old_order(porting, prepared.filing)
            with services.sessions.begin() as session:
                leases.renew(session, services.settings, entry)
        return ",".join(order.reference for order in porting.submit(prepared.filing))

    def look(self, services: Services, entry: LedgerEntry, prepared: _Prepared) -> str | None:
        """References of orders with exactly these numbers, unknown to us and made since the attempt.

        Of earlier ones an open order counts: clocks differ, and after the database was restored the carrier would
        refuse a second one. One that has ended is of an earlier filing.
        """
        found = _unknown(services, prepared, prepared.made_at)
        if not found:
            since = min(prepared.since, entry.look_since or prepared.since)
            found = [order for order in _unknown(services, prepared, since) if not _has_ended(order)]
        return ",".join(order.reference for order in found) or None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Store the orders and ask about each, because a callback may have come before we knew them."""
        attempt = session.get_one(Attempt, entry.subject_id)
        for made in reference.split(","):
            order = CarrierOrder(attempt=attempt, carrier=attempt.carrier, reference=made)
            session.add(order)
            session.flush()
            ask_carrier.defer(session, order_id=order.id)

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Mark the numbers as rejected: the customer or the porting desk has to correct something.

        Numbers whose cancel was requested meanwhile are canceled.
        """
        numbers = _numbers(session, entry.subject_id, locked=True)
        reject(session, services, numbers, error)
        called_off = [Transition(one, Fact.CANCELED) for one in numbers if one.state is State.CANCEL_REQUESTED]
        transition_together(session, services, called_off, Cause.CARRIER)


def reject(session: Session, services: Services, numbers: Iterable[PortNumber], error: CarrierError) -> None:
    """Reject the numbers that are being sent, whose rows are locked, for the reasons of a refusal."""
    reasons = _reasons(error)
    details = {"reasons": reasons, "word": str(error)[:200]}
    waiting = [number for number in numbers if number.state is State.SUBMITTING]
    for number in waiting:
        number.reasons = reasons
    transition_together(session, services, [Transition(one, Fact.REJECTED, details) for one in waiting], Cause.CARRIER)


def _unknown(services: Services, prepared: _Prepared, since: datetime) -> list[OrderSnapshot]:
    found = services.carriers[prepared.carrier].porting.find(prepared.filing, since)
    named = (CarrierOrder.carrier == prepared.carrier, CarrierOrder.reference.in_([one.reference for one in found]))
    with services.sessions() as session:
        known = set(session.scalars(select(CarrierOrder.reference).where(*named)))
    return [order for order in found if order.reference not in known]


def _has_ended(order: OrderSnapshot) -> bool:
    return all(number.status in _ENDED for number in order.numbers)


def filing_of(session: Session, attempt: Attempt) -> Filing:
    """What is sent for an attempt. It holds secrets, so it is built for the request and not stored."""
    project = attempt.project
    bill = project.documents[-1]
    numbers = _numbers(session, attempt.id)
    return Filing(
        reference=f"{project.public_id}-{attempt.sequence}",
        numbers=tuple(FiledNumber(number.number, project.pin or "") for number in numbers),
        subscriber=_subscriber(project),
        bill=Paper(bill.name, bill.media_type, bill.content),
        wished=project.wished,
        copies_to=(project.contact_email,),
        remaining=project.remaining,
        new_billing_number=project.new_billing_number,
        letter=_letter(session, attempt),
    )


def _letter(session: Session, attempt: Attempt) -> Paper | None:
    signed = signed_letter(session, attempt)
    return Paper("letter.pdf", "application/pdf", signed.pdf) if signed and signed.pdf else None


def _subscriber(project: PortProject) -> Subscriber:
    """The holder, with the answers that are asked of these numbers."""
    questions = asked(project)
    return Subscriber(
        kind=project.subscriber_kind,
        name=project.subscriber_name,
        authorized_person=project.authorized_person,
        authorized_email=project.authorized_email,
        address=Address(
            street=project.street,
            street2=project.street2,
            city=project.city,
            region=project.region if "region" in questions else "",
            postal_code=project.postal_code,
            country=address_country(project),
        ),
        account_number=project.account_number or "",
        billing_number=project.billing_number,
        subscriber_id=(project.subscriber_id or "") if "subscriber_id" in questions else "",
    )


def _numbers(session: Session, attempt_id: int, *, locked: bool = False) -> list[PortNumber]:
    rows = select(PortNumber).where(PortNumber.attempt_id == attempt_id).order_by(PortNumber.id)
    return list(session.scalars(rows.with_for_update() if locked else rows))


def _wait_for_the_old_order(porting: Porting, filing: Filing) -> None:
    """Raise `Unavailable` while a canceled order still holds a number at the carrier, which would block a new one."""
    for number in filing.numbers:
        answer = porting.check(number.number)
        if answer.verdict is Verdict.NO and answer.reason and answer.reason.code in _LINGERING:
            raise Unavailable("the old order still holds the number", not_made=True)


def _reasons(error: CarrierError) -> list[str]:
    fields = [fault.field for fault in error.faults] if isinstance(error, Refused) else []
    codes = [REFUSED_FIELDS.get(field, ReasonCode.OTHER) for field in fields] or [ReasonCode.OTHER]
    return [code.value for code in dict.fromkeys(codes)]
