"""Catching up with a carrier: its texts, calls and orders since our cursor, each through the door of the callbacks.

Everything behind that door is idempotent, so the cursor overlaps generously and moves only when all went well.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallEnded, MessageArrived
from provisioning.contract.calling import Calling
from provisioning.contract.errors import CarrierError
from provisioning.contract.errors import NotFound as CarrierNotFound
from service.alerts import Alert, AlertKind, alert
from service.arrivals import taken_in, text_arrived
from service.backfill.models import Cursor
from service.calls import events as calls
from service.calls import outgoing
from service.carrier_errors import count_error
from service.errors import NotFound
from service.porting.asking import ask_about, ask_carrier
from service.porting.models import CarrierOrder
from service.porting.queries import orders_to_ask
from service.queue import task
from service.services import Services
from service.time import now
from service.unannounced import Silence, note_unannounced

log = logging.getLogger(__name__)

OVERLAP: Final = timedelta(hours=1)
"""How much earlier than the cursor is asked for: carriers list late, and clocks differ."""

FIRST_LOOK: Final = timedelta(days=1)
"""How far back the very first look goes."""

SETTLING: Final = timedelta(minutes=1)
"""What is younger is left to its callback, or to the answer of our own call; the next look sees it again."""

OUTAGE: Final = timedelta(minutes=10)
"""A pause in catching up after which we take it that callbacks were lost, those about orders among them."""


@task
def catch_up(services: Services, *, carrier: str) -> None:
    """Ask one carrier for what we may have missed. One that does not answer is asked again at the next tick."""
    began = now()
    with services.sessions() as session:
        cursor = _cursor(session, carrier)
    since = (cursor.reached_at if cursor else began - FIRST_LOOK) - OVERLAP
    try:
        texts = _texts(services, carrier, since)
        overlooked = _calls(services, carrier, since)
        over = _calls_out(services, carrier)
        orders = services.carriers[carrier].porting.recent(since)
    except CarrierError as error:
        _no_answer(services, carrier, since, error)
        return
    missed = [_take_in(services, carrier, text) for text in texts]
    for call in overlooked:
        _take_in(services, carrier, call)
    for call_id, end in over.items():
        with services.sessions.begin() as session:
            outgoing.progress(session, end, call_id)
    with services.sessions.begin() as session:
        _seek_orders(session, carrier, orders)
        if any(missed) or (cursor and began - cursor.reached_at > OUTAGE):
            _ask_about_open_orders(session, carrier)
        _move_cursor(session, carrier, began)


def _cursor(session: Session, carrier: str) -> Cursor | None:
    return session.scalar(select(Cursor).where(Cursor.carrier == carrier))


def _texts(services: Services, carrier: str, since: datetime) -> list[MessageArrived]:
    """Texts at the carrier that we do not have, oldest first; none at a carrier without numbers."""
    network = services.carriers[carrier].network
    if network is None:
        return []
    listed = network.callbacks.missed_messages(since)
    with services.sessions() as session:
        known = taken_in(session, [text.reference for text in listed])
    return [text for text in listed if text.reference not in known and (text.at is None or text.at < now() - SETTLING)]


def _calls(services: Services, carrier: str, since: datetime) -> list[CallEnded]:
    """Calls at the carrier whose end we do not have, oldest first.

    A number that had just come in was not routed yet, or we were away when they ended.
    """
    network = services.carriers[carrier].network
    if network is None:
        return []
    ours = services.settings.platform_number  # with it we test numbers, which is nothing for an inbox
    listed = [call for call in network.callbacks.missed_calls(since) if not ours or call.caller != ours]
    with services.sessions() as session:
        known = calls.known_as_over(session, [call.reference for call in listed])
    return [call for call in listed if call.reference not in known and (call.at is None or call.at < now() - SETTLING)]


def _calls_out(services: Services, carrier: str) -> dict[int, CallEnded]:
    """Ends of calls out of which no callback told, by our id of the call."""
    if services.carriers[carrier].network is None:
        return {}
    calling = services.network(carrier).calling
    with services.sessions() as session:
        still_open = outgoing.open_calls(session, carrier, placed_before=now() - SETTLING)
    ends = {call_id: _end_of(calling, reference) for call_id, reference in still_open}
    return {call_id: end for call_id, end in ends.items() if end}


def _end_of(calling: Calling, reference: str) -> CallEnded | None:
    try:
        return calling.ended(reference)
    except CarrierNotFound:  # the carrier keeps its log for a while only
        return CallEnded(reference, "", "", 0)


def _take_in(services: Services, carrier: str, event: MessageArrived | CallEnded) -> bool:
    """Take one in, by itself: one that cannot be must not keep the others out. True when it was taken in."""
    try:
        with services.sessions.begin() as session:
            return _taken_in(session, services, carrier, event)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever the fault, the carrier keeps the text and the rest goes on
        kind = AlertKind.TEXT_NOT_TAKEN_IN if isinstance(event, MessageArrived) else AlertKind.CALL_NOT_TAKEN_IN
        log.warning("not taken in", extra={"kind": kind, "reference": event.reference, "trouble": type(error).__name__})
        with services.sessions.begin() as session:
            alert(session, kind, f"{carrier}:{event.reference}", trouble=type(error).__name__)
        return False


def _taken_in(session: Session, services: Services, carrier: str, event: MessageArrived | CallEnded) -> bool:
    try:
        if isinstance(event, MessageArrived):
            text_arrived(session, services, event)
            note_unannounced(session, carrier, Silence.TEXT, event.reference)
        else:
            calls.ended(session, event)
    except NotFound:
        # on a number of nobody's, or of a port that is ahead of us; in that case what it proves is kept
        return False
    return True


def _seek_orders(session: Session, carrier: str, references: Sequence[str]) -> None:
    """Orders that are not ours yet: one of our filings may be under way, so they are left to settle first."""
    known = set(session.scalars(select(CarrierOrder.reference).where(CarrierOrder.reference.in_(references))))
    for reference in references:
        told = exists().where(
            Alert.kind == AlertKind.CALLBACK_FOR_UNKNOWN_ORDER, Alert.about == f"{carrier}:{reference}"
        )
        if reference not in known and not session.scalar(select(told)):
            ask_about.defer_in(session, SETTLING, carrier=carrier, reference=reference)


def _ask_about_open_orders(session: Session, carrier: str) -> None:
    for order in orders_to_ask(session, before=now()):
        if order.carrier == carrier:
            order.asked_at = now()
            ask_carrier.defer(session, order_id=order.id)


def _move_cursor(session: Session, carrier: str, reached: datetime) -> None:
    cursor = _cursor(session, carrier)
    if cursor is None:
        session.add(Cursor(carrier=carrier, reached_at=reached))
    else:
        cursor.reached_at, cursor.failing_since = reached, None


def _no_answer(services: Services, carrier: str, since: datetime, error: CarrierError) -> None:
    """The cursor stays, so the next look asks for all of it again."""
    log.warning("carrier gives no answer", extra={"carrier": carrier, "trouble": type(error).__name__})
    with services.sessions.begin() as session:
        count_error(session, error)
        cursor = _cursor(session, carrier)
        if cursor is None:
            cursor = Cursor(carrier=carrier, reached_at=since + OVERLAP)
            session.add(cursor)
        cursor.failing_since = cursor.failing_since or now()
