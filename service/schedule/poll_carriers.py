"""Asking carriers about open orders, more often as the date comes near: a callback is only a hint."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.cutover.jobs import advance_cutover
from service.porting.asking import ask_carrier
from service.porting.checks import zone_of
from service.porting.models import CarrierOrder, Cause
from service.porting.queries import due_within, orders_to_ask
from service.porting.states import Fact, State
from service.porting.transitions import transition
from service.services import Services
from service.time import now, today

# how long an order may go unasked, and for which nearness of its date (None: however far), nearest first
PAUSES: Final = (
    (timedelta(minutes=1), timedelta()),
    (timedelta(hours=1), timedelta(days=2)),
    (timedelta(days=1), None),
)


def poll_carriers(services: Services) -> None:
    """Have every order asked about whose time has come; the asking is stamped here, so the next tick is quiet.

    Near the date the number itself is sought too: it may show up early, and then it is routed before its day.
    """
    with services.sessions.begin() as session:
        for pause, near in PAUSES:
            for order in orders_to_ask(session, before=now() - pause, date_within=near):
                order.asked_at = now()
                ask_carrier.hurry(session, order_id=order.id)
                if near is not None:
                    _seek_numbers(session, order)


def _seek_numbers(session: Session, order: CarrierOrder) -> None:
    for number in order.numbers:
        if number.state in {State.SCHEDULED, State.ACTIVATING}:
            advance_cutover.defer_once(session, port_number_id=number.id)


def start_of_port_days(services: Services) -> None:
    """On the committed day, by the number's own zone, a scheduled number is moving."""
    with services.sessions.begin() as session:
        for number in due_within(session, timedelta(days=1)):
            session.refresh(number, with_for_update=True)  # its date may be another one by now
            if number.committed_on and number.committed_on <= today(zone_of(number.number)):
                transition(session, services, number, Fact.DAY_CAME, Cause.CLOCK)
