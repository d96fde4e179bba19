"""Noticing that a number has left to another operator: its carrier no longer shows it.

Not every carrier says by its API that another operator asked for a number, or has it now.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from service.accounts.change_log import Action, note
from service.alerts import AlertKind, alert, alert_once_in
from service.brands import brand_of_workspace
from service.lines.leaving import let_go
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.notifications.leaving_notices import NumberLeft
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.owners import notify_those_in_charge
from service.port_outs.requests import open_requests_for
from service.porting.models import PortNumber
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now

MISSING_FOR: Final = timedelta(hours=1)
"""A number that its carrier has not shown for so long has left; one that another operator asked for, at once."""

MOST_AT_ONCE: Final = 10
"""Where more numbers are missing, something is wrong at the carrier, and none of them counts as left."""

_LONGEST_NAME: Final = 100

_MOVING: Final = (State.SCHEDULED, State.ACTIVATING, State.PORTED)
"""States of a port of ours in which a number may be gone from the carrier that it comes from."""


@task
def seek_departed(services: Services, *, carrier: str) -> None:
    """Compare a carrier's numbers with ours. Those that are missing in its list are asked about one by one."""
    with services.sessions() as session:
        held = {number.number: number.id for number in session.scalars(_held(carrier))}
    if not held:
        return
    numbers = services.network(carrier).numbers
    missing = sorted(held.keys() - {owned.number for owned in numbers.owned()})
    if len(missing) > MOST_AT_ONCE:
        _alert_of_many(services, carrier, missing)
        return
    gone = [held[number] for number in missing if numbers.is_gone(number)]
    with services.sessions.begin() as session:
        _note(session, carrier, gone)


@task
def notify_of_departure(services: Services, *, number_id: int) -> None:
    """Look up where a number went, store it, and tell those in charge. The notice does not wait for the look-up."""
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
    operator = _operator_of(services, number)
    with services.sessions.begin() as session:
        number = session.get_one(PhoneNumber, number_id, with_for_update=True)
        number.left_to = number.left_to or operator
        notice = NumberLeft(operator=number.left_to, left_at=number.released_at or now())
        brand = brand_of_workspace(session, services.settings, number.line.workspace_id)
        link = f"{brand.base_url}/numbers/?workspace={number.line.workspace_id}"
        notify_those_in_charge(session, services, number, notice, link, f"{number.id}")


def _held(carrier: str) -> Select[PhoneNumber]:
    """Numbers that a carrier should show: not those that are to arrive, are released, or go to another one of ours."""
    here = PhoneNumber.carrier == carrier, PhoneNumber.standing == Standing.HELD, PhoneNumber.released_at.is_(None)
    settled = PhoneNumber.role != NumberRole.ARRIVING, PhoneNumber.routed_at.is_not(None)
    away = PortNumber.carrier != carrier, PortNumber.network != carrier, PortNumber.state.in_(_MOVING)
    moves = exists().where(PortNumber.number == PhoneNumber.number, *away)
    return select(PhoneNumber).where(*here, *settled, ~moves).order_by(PhoneNumber.id)


def _alert_of_many(services: Services, carrier: str, missing: Collection[str]) -> None:
    some = sorted(missing)[:MOST_AT_ONCE]
    with services.sessions.begin() as session:
        alert_once_in(session, AlertKind.NUMBERS_MISSING, carrier, timedelta(hours=6), count=len(missing), numbers=some)


def _note(session: Session, carrier: str, gone: Collection[int]) -> None:
    """Note which numbers are missing, and which have been for long enough to have left."""
    concerned = PhoneNumber.id.in_(gone) | PhoneNumber.missing_since.is_not(None)
    for number in session.scalars(_held(carrier).where(concerned).with_for_update()):
        number.missing_since = (number.missing_since or now()) if number.id in gone else None
        asked = open_requests_for(session, number)
        if number.missing_since and (asked or number.missing_since <= now() - MISSING_FOR):
            _has_left(session, number, asked)


def _has_left(session: Session, number: PhoneNumber, requests: Sequence[PortOut]) -> None:
    """Note that a number has left, and alert the desk unless its customer was asked before and did not object.

    Of several requests the first is taken for the one that was carried out.
    """
    let_go(session, number)
    asked = next(iter(requests), None)
    if asked is None or asked.state is PortOutState.DISPUTED:
        alert(session, AlertKind.NUMBER_LEFT_UNANNOUNCED, f"phone_number:{number.id}", number=number.number)
    if asked:
        number.left_to = asked.operator
    for request in requests:
        request.state, request.ended_at = PortOutState.LEFT if request is asked else PortOutState.WITHDRAWN, now()
    here = number.line.workspace_id
    note(session, workspace_id=here, user_id=None, action=Action.NUMBER_LEFT, subject=number.number)
    notify_of_departure.defer(session, number_id=number.id)


def _operator_of(services: Services, number: PhoneNumber) -> str:
    """The operator that has a number now, "" where nobody can say."""
    lookup = services.network(number.carrier).lookup
    if lookup is None:
        return ""
    try:
        return lookup.operator_of(number.number)[:_LONGEST_NAME]
    except CarrierError:
        return ""
