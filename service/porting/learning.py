"""Comparing a carrier's snapshot of an order with what we know: each difference becomes a fact.

A callback only makes us ask. Callbacks, polling and the porting desk's form all end here, so callbacks that are
repeated, lost or out of order need no code of their own.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from provisioning.contract.porting import CommittedDate, NumberSnapshot, OrderSnapshot, PortStatus
from service.alerts import AlertKind, alert, alert_once
from service.porting.activation import keep_activation
from service.porting.models import Attempt, CarrierOrder, Cause, PortNumber
from service.porting.order_comments import keep_comment
from service.porting.states import CALLED_OFF, FINAL, Fact, State
from service.porting.transitions import Transition, transition_together
from service.services import Services
from service.time import now
from service.unannounced import Silence, clear_unannounced, note_unannounced

FACTS: Final[Mapping[PortStatus, Fact]] = {
    PortStatus.DRAFT: Fact.DRAFTED,
    PortStatus.IN_REVIEW: Fact.TAKEN_ON,
    PortStatus.AWAITING_SIGNATURE: Fact.SIGNATURE_WANTED,
    PortStatus.WITH_LOSING_CARRIER: Fact.SENT_ON,
    PortStatus.SCHEDULED: Fact.DATE_COMMITTED,
    PortStatus.ACTIVATING: Fact.ACTIVATION_STARTED,
    PortStatus.PORTED: Fact.PORTED,
    PortStatus.REJECTED: Fact.REJECTED,
    PortStatus.CANCEL_REQUESTED: Fact.CANCEL_STARTED,
    PortStatus.CANCELED: Fact.CANCELED,
    PortStatus.EXPIRED: Fact.EXPIRED,
    PortStatus.NOT_PORTABLE: Fact.NOT_PORTABLE,
    PortStatus.UNKNOWN: Fact.UNKNOWN,
}


_ENDING: Final[Mapping[PortStatus, Fact | None]] = {
    PortStatus.CANCEL_REQUESTED: None,
    PortStatus.CANCELED: Fact.EARLIER_ENDED,
    PortStatus.EXPIRED: Fact.EARLIER_ENDED,
}
"""The fact that the end of an earlier attempt's order is to the current attempt."""


def learn(
    session: Session, services: Services, order: CarrierOrder, snapshot: OrderSnapshot, cause: Cause = Cause.CARRIER
) -> None:
    """Apply a snapshot of an order. Applying the same one again changes nothing."""
    announced = order.told_at is not None or not order.word or cause is not Cause.CARRIER
    order.told_at = None
    order.word = snapshot.word
    order.signature_url = snapshot.signature_url
    order.support_ticket = snapshot.support_ticket
    keep_activation(order, snapshot.activation)
    _alert_to_matters(session, order, snapshot)
    news = _news(session, order, snapshot)
    transition_together(session, services, news, cause)
    if news and not announced and services.carriers[order.carrier].network:
        note_unannounced(session, order.carrier, Silence.ORDER, order.reference)


def _alert_to_matters(session: Session, order: CarrierOrder, snapshot: OrderSnapshot) -> None:
    """Alert the operators, once, to what only they can act on."""
    about = f"order:{order.id}"
    for comment in snapshot.comments:
        text = keep_comment(session, order, comment)
        alert_once(session, AlertKind.CARRIER_COMMENTED, f"{about}:{comment.reference}", comment=text[:200])
    if snapshot.texts_failed:
        alert_once(session, AlertKind.TEXTS_NOT_PORTED, about, numbers=[said.number for said in snapshot.numbers])


_MAY_BE_GONE: Final = frozenset({PortStatus.DRAFT, PortStatus.CANCELED})


def may_be_gone(order: CarrierOrder) -> bool:
    """Whether a carrier may have forgotten an order: drafts, which it deletes when they are canceled or left alone."""
    statuses = {number.carrier_status for number in order.numbers}
    return bool(statuses) and statuses <= _MAY_BE_GONE


def learn_that_it_is_gone(session: Session, services: Services, order: CarrierOrder) -> None:
    """Take a draft that the carrier no longer has as canceled. Applying it again changes nothing."""
    ended = [NumberSnapshot(number.number, PortStatus.CANCELED, GONE) for number in order.numbers]
    learn(session, services, order, OrderSnapshot(order.reference, GONE, tuple(ended)))


GONE: Final = "gone"
"""In place of a carrier's word for an order that it no longer has."""


def note_callback(session: Session, carrier: str, reference: str) -> None:
    """Note that a callback named an order, so that the next change of it does not count as unannounced."""
    named = (CarrierOrder.carrier == carrier, CarrierOrder.reference == reference)
    session.execute(update(CarrierOrder).where(*named).values(told_at=now()))
    clear_unannounced(session, carrier, reference)


def _news(session: Session, order: CarrierOrder, snapshot: OrderSnapshot) -> list[Transition]:
    """Store what is new about each number. The transitions are returned, to be made together and share notices."""
    known = _numbers_of(session, order, [said.number for said in snapshot.numbers])
    news = []
    for said in snapshot.numbers:
        number = _moving_again(session, known.get(said.number), said)
        if number is None:
            alert(session, AlertKind.NUMBER_OF_ANOTHER_ORDER, f"order:{order.id}:{said.number}")
        else:
            number.order_id = order.id
            news += _news_of(order, number, said)
    return news


def _numbers_of(session: Session, order: CarrierOrder, named: list[str]) -> dict[str, PortNumber]:
    """The numbers that this order is about now, locked. A number that was filed anew belongs to its newer order."""
    attempt = session.get_one(Attempt, order.attempt_id)
    rows = (
        select(PortNumber)
        .where(
            PortNumber.project_id == attempt.project_id,
            PortNumber.number.in_(named),
            or_(PortNumber.order_id == order.id, PortNumber.attempt_id == order.attempt_id),
        )
        .order_by(PortNumber.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {number.number: number for number in session.scalars(rows)}


def _moving_again(session: Session, number: PortNumber | None, said: NumberSnapshot) -> PortNumber | None:
    """The number, or its newer port if an order that counted as ended has ported it: only one port is open at a time.

    None if the newer port belongs to another workspace.
    """
    if number is None or number.state not in CALLED_OFF or said.status is not PortStatus.PORTED:
        return number
    newer = session.scalar(
        select(PortNumber)
        .where(PortNumber.number == number.number, PortNumber.state.not_in([*FINAL, State.DRAFT]))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if newer is None:
        return number
    return newer if newer.project.workspace_id == number.project.workspace_id else None


def _news_of(order: CarrierOrder, number: PortNumber, said: NumberSnapshot) -> list[Transition]:
    seen = _seen(said)
    if seen == number.seen:
        return []
    details, fact = details_of(number, said), _fact(order, number, said)
    number.seen, number.carrier_status = seen, said.status
    take_in(number, said)
    return [Transition(number, fact, details)] if fact else []


def _fact(order: CarrierOrder, number: PortNumber, said: NumberSnapshot) -> Fact | None:
    """The fact in a status. A date while the carrier was canceling means that the old operator refused the cancel.

    The order of an earlier attempt is canceled to make room for the current one, so its end is not that of the number.
    """
    if number.attempt_id != order.attempt_id and said.status in _ENDING:
        return _ENDING[said.status]
    canceling = number.state is State.CANCEL_REQUESTED and number.carrier_status is PortStatus.CANCEL_REQUESTED
    return Fact.CANCEL_DENIED if canceling and said.status is PortStatus.SCHEDULED else FACTS[said.status]


def _seen(said: NumberSnapshot) -> dict[str, Any]:
    """The parts of a snapshot in which a difference is news."""
    committed = said.committed
    return {
        "status": said.status.value,
        "word": said.word if said.status is PortStatus.UNKNOWN else "",
        "day": committed.day.isoformat() if committed else "",
        "at": committed.at.isoformat() if committed and committed.at else "",
        "reasons": [reason.code.value for reason in said.reasons],
    }


def details_of(number: PortNumber, said: NumberSnapshot) -> dict[str, Any]:
    """What the history tells of a snapshot: details for notices, and the carrier's own words for the operators."""
    known = _seen(said)
    return {
        "date": known["at"] or known["day"],
        "old_date": stated_date(number),
        "reasons": known["reasons"],
        "word": said.word,
        "carrier_codes": [reason.carrier_code for reason in said.reasons],
        "carrier_texts": [reason.carrier_text for reason in said.reasons],
    }


def stated_date(number: PortNumber) -> str:
    """The committed date in ISO 8601, with a time only if the carrier gave one; "" if there is none."""
    return number.committed.isoformat() if number.committed else ""


# these statuses come without a date and keep the one we know
_SILENT_ON_DATES: Final = {
    PortStatus.ACTIVATING,
    PortStatus.PORTED,
    PortStatus.CANCEL_REQUESTED,
    PortStatus.UNKNOWN,
}


def take_in(number: PortNumber, said: NumberSnapshot) -> None:
    """Keep the reasons, the date and the arrival that a snapshot tells of a number."""
    number.reasons = [reason.code.value for reason in said.reasons]
    if said.status is PortStatus.PORTED:
        number.ported_at = number.ported_at or now()
        number.network = said.network
    if said.status not in _SILENT_ON_DATES:
        _take_date(number, said.committed if said.status is PortStatus.SCHEDULED else None)


def _take_date(number: PortNumber, committed: CommittedDate | None) -> None:
    before = (number.committed_on, number.committed_at)
    number.committed_on = committed.day if committed else None
    number.committed_at = committed.at if committed else None
    number.committed_precision = committed.precision if committed else None
    if (number.committed_on, number.committed_at) != before:
        number.date_version += 1
