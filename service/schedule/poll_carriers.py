"""Asking carriers about open orders, more often near the port date, because callbacks can be lost."""

from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from provisioning.time_zones import zone_of
from service.cutover.carrier_jobs import advance_cutover
from service.porting.asking import ask_carrier
from service.porting.models import CarrierOrder, Cause, PortNumber
from service.porting.queries import canceled_orders_to_ask, due_within, orders_to_ask
from service.porting.states import Fact, State
from service.porting.transitions import transition
from service.schedule.run_each import run_each
from service.services import Services
from service.time import now, today

# after how long an order is asked about again, by how near its date is, nearest first
PAUSES: Final = ((timedelta(minutes=1), timedelta()), (timedelta(hours=1), timedelta(days=2)))

A_DAY: Final = timedelta(days=1)

WATCHED_AFTER_CANCELING: Final = timedelta(days=30)
"""An order does not go on for longer than the time in which it would have had its date."""


def poll_carriers(services: Services) -> None:
    """Queue the question about the orders whose date is near.

    The number itself is looked for too: if the carrier shows it early, it is routed before its date.
    """
    with services.sessions.begin() as session:
        for pause, near in PAUSES:
            for order in orders_to_ask(session, before=now() - pause, date_within=near):
                _ask(session, order)
                _seek_numbers(session, order)


def poll_carriers_daily(services: Services) -> None:
    """Queue the question about every order that was not asked about for a day.

    It compares all orders under way, so it is asked less often than what looks at a few.
    """
    with services.sessions.begin() as session:
        for order in orders_to_ask(session, before=now() - A_DAY):
            _ask(session, order)


def watch_canceled_orders(services: Services) -> None:
    """Have canceled orders asked about daily for a while: the number may come all the same."""
    with services.sessions.begin() as session:
        for order in canceled_orders_to_ask(session, before=now() - A_DAY, watched=WATCHED_AFTER_CANCELING):
            order.asked_at = now()
            ask_carrier.defer_once(session, order_id=order.id)


def _ask(session: Session, order: CarrierOrder) -> None:
    """Queue the question, and store the time, so that the next tick does not repeat it."""
    order.asked_at = now()
    ask_carrier.hurry(session, order_id=order.id)


def _seek_numbers(session: Session, order: CarrierOrder) -> None:
    for number in order.numbers:
        if number.state in {State.SCHEDULED, State.ACTIVATING}:
            advance_cutover.defer_once(session, port_number_id=number.id)


def start_of_port_days(services: Services) -> None:
    """Give numbers the fact DAY_CAME when their committed day begins in their own time zone."""
    with services.sessions() as session:
        coming = [number.id for number in due_within(session, timedelta(days=1))]
    run_each(services, coming, partial(_start_port_day, services=services))


def _start_port_day(session: Session, number_id: int, services: Services) -> None:
    number = session.get_one(PortNumber, number_id, with_for_update=True)  # its date may have changed meanwhile
    if number.committed_on and number.committed_on <= today(zone_of(number.number)):
        transition(session, services, number, Fact.DAY_CAME, Cause.CLOCK)
