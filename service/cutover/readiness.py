"""Whether everything is ready three days and one day before the move, and who has to do what about it."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.account import Registration
from provisioning.contract.errors import CarrierError
from service.alerts import alert
from service.cutover.book import cutover_of, living_at, steps_of
from service.cutover.models import Cutover, StepName
from service.missed import Missed, never_came
from service.notifications.models import Message
from service.porting.checks import country_of, zone_of
from service.porting.followers import tell_project
from service.porting.models import PortNumber
from service.porting.queries import due_within
from service.queue import Lane, task
from service.services import Services
from service.time import now, today

GATES: Final = (1, 3)
"""Days before the move on which it is looked at, the nearest first."""


class Lack(StrEnum):
    """What is missing: the first three the customer sees to, the others we do."""

    PHONES = "phones"
    FORWARDING = "forwarding"
    SERVICES = "services"
    REGISTRATION = "registration"
    CALLBACKS = "callbacks"
    NUMBER = "number"


CUSTOMERS: Final = frozenset({Lack.PHONES, Lack.FORWARDING, Lack.SERVICES})


class Forwards(StrEnum):
    """Where the old line sends its calls now."""

    NOWHERE = "nowhere"
    TEMPORARY = "temporary"
    ELSEWHERE = "elsewhere"


class Serves(StrEnum):
    """What else hangs on the old line, and would end with it."""

    NOTHING = "nothing"
    INTERNET = "internet"
    DEVICES = "devices"
    BOTH = "both"


def lacking(session: Session, services: Services, number: PortNumber) -> list[Lack]:
    """What is missing now, as far as our own rows tell; the registration is what the carrier said last."""
    cutover = cutover_of(session, number)
    steps = steps_of(session, services, number)
    found = {
        Lack.PHONES: not number.project.line.phones,
        Lack.FORWARDING: not cutover.old_forwards,
        Lack.SERVICES: not cutover.old_serves,
        Lack.REGISTRATION: cutover.unregistered,
        Lack.CALLBACKS: _callbacks_fail(session),
        Lack.NUMBER: not steps[StepName.FIND_NUMBER].done_at,
    }
    return [lack for lack, so in found.items() if so]


def answer(cutover: Cutover, forwards: Forwards, serves: Serves) -> None:
    """What the customer says of the old line."""
    cutover.old_forwards, cutover.old_serves = forwards.value, serves.value


def look_ahead(session: Session) -> None:
    """Have every number looked at whose gate has come, once for each gate and date."""
    for number in due_within(session, timedelta(days=max(GATES))):
        gate, cutover = _gate(number), cutover_of(session, number)
        version = f"{number.date_version}:{gate}"
        if gate and cutover.looked_at_gate != version:
            cutover.looked_at_gate = version
            check_readiness.defer(session, port_number_id=number.id, version=version)


@task(Lane.CARRIER, lock="readiness:{port_number_id}")
def check_readiness(services: Services, *, port_number_id: int, version: str) -> None:
    """Ask the carrier what only it knows; tell the customer and our own people, each their part."""
    with services.sessions() as session:
        number = session.get_one(PortNumber, port_number_id)
        carrier, american = living_at(services, number), country_of(number.number) == "US"
    unregistered = american and not _registered(services, carrier)
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        cutover_of(session, number).unregistered = unregistered
        _tell(session, services, number, version)


def _registered(services: Services, carrier: str) -> bool:
    try:
        return services.network(carrier).account.text_registration() is Registration.APPROVED
    except CarrierError:
        return False


def _tell(session: Session, services: Services, number: PortNumber, version: str) -> None:
    """Numbers often show at the carrier with the port itself, so a missing one is nobody's trouble before its day."""
    lacks = lacking(session, services, number)
    date = number.committed_at or number.committed_on
    if date and (missing := [lack.value for lack in lacks if lack in CUSTOMERS]):
        facts = {"date": date.isoformat(), "missing": missing}
        tell_project(session, services, number.project, Message.NOT_READY, f"{number.id}:{version}", [number], **facts)
    ours = [lack.value for lack in lacks if lack not in CUSTOMERS | {Lack.NUMBER}]
    if ours:
        alert(session, "move_not_ready", f"port_number:{number.id}", missing=ours)


def _gate(number: PortNumber) -> int | None:
    if number.committed_on is None:
        return None
    ahead = (number.committed_on - today(zone_of(number.number))).days
    return next((gate for gate in GATES if 0 < ahead <= gate), None)


def _callbacks_fail(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(never_came(), Missed.noticed_at > now() - timedelta(days=1)))))
