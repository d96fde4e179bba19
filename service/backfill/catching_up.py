"""Catching up with a carrier: texts, calls and orders since our cursor, handled as if their callbacks had come.

Handling a callback twice does no harm, so each look overlaps the one before, and the cursor advances only when the
carrier has answered every question. A question without an answer keeps none of the others from being asked, nor an odd
record the rest from being read.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallEnded, MessageArrived
from provisioning.contract.calling import Calling
from provisioning.contract.errors import Broken, CarrierError, Unavailable
from provisioning.contract.errors import NotFound as CarrierNotFound
from provisioning.contract.unreadable import Unreadable
from service.alerts import Alert, AlertKind, alert, alert_once, alert_once_in
from service.arrivals import taken_in, text_arrived
from service.calls import events as calls
from service.calls import outgoing
from service.carrier_cursors import Cursor
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

Answer = TypeVar("Answer")

OVERLAP: Final = timedelta(hours=1)
"""How far before the cursor a look begins: carriers list records late, and clocks differ."""

FIRST_LOOK: Final = timedelta(days=1)
"""How far back the first look at a carrier goes."""

SETTLING: Final = timedelta(minutes=1)
"""Records younger than this are left to their callback, or to the answer to our own request, until the next look."""

SAID_AGAIN: Final = timedelta(hours=6)
"""So often the operators hear of answers that cannot be read."""

LONGEST_TROUBLE: Final = 200

OUTAGE: Final = timedelta(minutes=10)
"""After a pause this long we assume that callbacks were lost, and ask about every open order too."""


@task
def catch_up(services: Services, *, carrier: str) -> None:
    """Ask one carrier for what we may not know. A carrier that does not answer is asked again at the next tick."""
    began = now()
    with services.sessions() as session:
        cursor = _cursor(session, carrier)
    since, look = (cursor.reached_at if cursor else began - FIRST_LOOK) - OVERLAP, _Look()
    texts = look.ask(lambda: _texts(services, carrier, since)) or []
    calls_ended = look.ask(lambda: _calls(services, carrier, since)) or []
    over = look.ask(lambda: _calls_out(services, carrier)) or {}
    orders = look.ask(lambda: services.carriers[carrier].porting.recent(since)) or []
    taken = [_take_in(services, carrier, text) for text in texts]
    for call in calls_ended:
        _take_in(services, carrier, call)
    for call_id, end in over.items():
        with services.sessions.begin() as session:
            outgoing.progress(session, services, end, call_id)
    with services.sessions.begin() as session:
        _seek_orders(session, carrier, orders)
        was_away = look.trouble is None and cursor is not None and began - cursor.reached_at > OUTAGE
        if any(taken) or was_away:
            _ask_about_open_orders(session, carrier)
        if look.trouble is None:
            _move_cursor(session, carrier, began)
    if look.trouble:
        _no_answer(services, carrier, since, look.trouble)


class _Look:
    """One look at a carrier, with its `trouble` on the way. One that is silent is asked no more."""

    def __init__(self) -> None:
        self.trouble: CarrierError | None = None

    def ask(self, question: Callable[[], Answer]) -> Answer | None:
        """The carrier's answer, None without one."""
        if self.trouble and _is_silent(self.trouble):
            return None
        try:
            return question()
        except CarrierError as error:
            self.trouble = error if _is_silent(error) else self.trouble or error
            return None


def _is_silent(trouble: CarrierError) -> bool:
    """Whether the carrier does nothing for us: no answer, or none to our credentials. Others say what they mean."""
    return isinstance(trouble, Unavailable) or (isinstance(trouble, Broken) and trouble.not_made)


def _cursor(session: Session, carrier: str) -> Cursor | None:
    return session.scalar(select(Cursor).where(Cursor.carrier == carrier))


def _texts(services: Services, carrier: str, since: datetime) -> list[MessageArrived]:
    """Texts at the carrier that we do not have, oldest first; empty for a carrier without numbers."""
    network = services.carriers[carrier].network
    if network is None:
        return []
    found = network.callbacks.received_messages(since)
    listed = [text for text in found if not isinstance(text, Unreadable)]
    _alert_of_odd(services, carrier, AlertKind.TEXT_NOT_TAKEN_IN, found)
    with services.sessions() as session:
        known = taken_in(session, [text.reference for text in listed])
    return [text for text in listed if text.reference not in known and (text.at is None or text.at < now() - SETTLING)]


def _calls(services: Services, carrier: str, since: datetime) -> list[CallEnded]:
    """Calls at the carrier whose end we do not know, oldest first.

    A number that had just been ported in was not routed yet, or our service was down when the calls ended.
    """
    network = services.carriers[carrier].network
    if network is None:
        return []
    ours = services.settings.platform_numbers  # our own calls belong in no inbox
    found = network.callbacks.ended_calls(since)
    listed = [call for call in found if not isinstance(call, Unreadable) and call.caller not in ours]
    _alert_of_odd(services, carrier, AlertKind.CALL_NOT_TAKEN_IN, found)
    with services.sessions() as session:
        known = calls.known_as_over(session, [call.reference for call in listed])
    return [call for call in listed if call.reference not in known and (call.at is None or call.at < now() - SETTLING)]


def _calls_out(services: Services, carrier: str) -> dict[int, CallEnded]:
    """Ends of outgoing calls whose callback did not come, by our id of the call."""
    if services.carriers[carrier].network is None:
        return {}
    calling = services.network(carrier).calling
    with services.sessions() as session:
        still_open = outgoing.open_calls(session, carrier, placed_before=now() - SETTLING)
    ends = {call_id: _end_of(calling, reference) for call_id, reference in still_open}
    _alert_of_odd(services, carrier, AlertKind.CALL_NOT_TAKEN_IN, ends.values())
    return {call_id: end for call_id, end in ends.items() if isinstance(end, CallEnded)}


def _end_of(calling: Calling, reference: str) -> CallEnded | Unreadable | None:
    try:
        return calling.ended(reference)
    except CarrierNotFound:  # carriers keep their log for a limited time
        return CallEnded(reference, "", "", 0)
    except Broken as error:
        if _is_silent(error):
            raise
        return Unreadable(reference, type(error).__name__)


def _alert_of_odd(services: Services, carrier: str, kind: AlertKind, found: Iterable[object]) -> None:
    """Show records that cannot be read to the operators, once each: they are in the list until the carrier forgets."""
    odd = [one for one in found if isinstance(one, Unreadable)]
    with services.sessions.begin() as session:
        for one in odd:
            alert_once(session, kind, f"{carrier}:{one.reference}", trouble=one.why)


def _take_in(services: Services, carrier: str, event: MessageArrived | CallEnded) -> bool:
    """Handle one event in its own transaction, so that a failure does not stop the others. Whether it worked."""
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
        # no line holds the number; for one still being ported `text_arrived` has recorded what the text proves
        return False
    return True


def _seek_orders(session: Session, carrier: str, references: Sequence[str]) -> None:
    """Ask about orders that no row of ours has, after a delay: one of our filings may be about to store its order."""
    known = set(session.scalars(select(CarrierOrder.reference).where(CarrierOrder.reference.in_(references))))
    for reference in references:
        alerted = exists().where(
            Alert.kind == AlertKind.CALLBACK_FOR_UNKNOWN_ORDER, Alert.about == f"{carrier}:{reference}"
        )
        if reference not in known and not session.scalar(select(alerted)):
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
    """Note that the carrier does not answer, or not so that it can be read, which is no silence.

    The cursor stays, so the next look asks for the same period again.
    """
    log.warning("carrier gives no answer", extra={"carrier": carrier, "trouble": type(error).__name__})
    count_error(services.sessions, error)
    with services.sessions.begin() as session:
        cursor = _cursor(session, carrier)
        if cursor is None:
            cursor = Cursor(carrier=carrier, reached_at=since + OVERLAP)
            session.add(cursor)
        cursor.failing_since = (cursor.failing_since or now()) if _is_silent(error) else None
        if not _is_silent(error):
            about, told = f"catch_up:{carrier}", str(error)[:LONGEST_TROUBLE]
            alert_once_in(session, AlertKind.CARRIER_TROUBLE, about, SAID_AGAIN, trouble=told)
