"""Checks, three days and one day before the port date, that all is ready for the cutover, and notices if not."""

from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from provisioning.contract.account import TextRegistration
from provisioning.contract.errors import CarrierError
from provisioning.contract.porting import NumberKind
from provisioning.time_zones import zone_of
from service.alerts import AlertKind, alert
from service.cutover.models import Cutover, CutoverStep, StepName
from service.cutover.queries import lines_of_numbers
from service.cutover.registrations import needs_registration, registration_at
from service.cutover.rows import all_steps_of, cutover_of, cutovers_of, destination_carrier, steps_of
from service.cutover.sending_tests import OURS
from service.lines.models import Line
from service.lines.pools import pool_for
from service.notifications.notices import NotReady
from service.porting.followers import notify_project
from service.porting.learning import stated_date
from service.porting.models import PortNumber
from service.porting.queries import due_within
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now
from service.unannounced import Unannounced, never_came

GATES: Final = (1, 3)
"""Days before the port date on which readiness is checked, the nearest first."""

MORNING: Final = time(8)
"""Checks begin at this time of day, in the number's time zone, because customers may be texted about them."""


class Lack(StrEnum):
    """What is missing. PHONES, FORWARDING and SERVICES are for the customer to settle, the others for our staff.

    The customer is told of the registration as well: without it their texts are not delivered.
    """

    PHONES = "phones"
    FORWARDING = "forwarding"
    SERVICES = "services"
    REGISTRATION_MISSING = "registration_missing"
    REGISTRATION_PENDING = "registration_pending"
    REGISTRATION_REFUSED = "registration_refused"
    CALLBACKS = "callbacks"
    NUMBER = "number"


REGISTRATION_LACKS: Final = {
    TextRegistration.MISSING: Lack.REGISTRATION_MISSING,
    TextRegistration.PENDING: Lack.REGISTRATION_PENDING,
    TextRegistration.REFUSED: Lack.REGISTRATION_REFUSED,
}
"""What is missing by what the carrier says of the registration for texts."""

STAFFS: Final = frozenset({*REGISTRATION_LACKS.values(), Lack.CALLBACKS})
CUSTOMERS: Final = frozenset({Lack.PHONES, Lack.FORWARDING, Lack.SERVICES, *REGISTRATION_LACKS.values()})
"""What the customer is notified of; the porting desk sees to the rest."""


class Forwards(StrEnum):
    """Where the old line sends its calls now."""

    NOWHERE = "nowhere"
    TEMPORARY = "temporary"
    ELSEWHERE = "elsewhere"


class Serves(StrEnum):
    """What else depends on the old line and would end with it."""

    NOTHING = "nothing"
    INTERNET = "internet"
    DEVICES = "devices"
    BOTH = "both"


def lacking(session: Session, services: Services, numbers: Collection[PortNumber]) -> dict[int, list[Lack]]:
    """What is missing now, by the number's id. For the registration the carrier's last answer counts."""
    lines = lines_of_numbers(session, numbers)
    cutovers, steps = cutovers_of(session, numbers), all_steps_of(session, services, numbers)
    callbacks_fail = _callbacks_fail(session)
    return {
        number.id: _lacking(lines[number.line_id], cutovers[number.id], steps[number.id], callbacks_fail=callbacks_fail)
        for number in numbers
    }


def texts_wait_for(session: Session, services: Services, number: PortNumber) -> str:
    """What on our side texts from a ported number wait for: a `Lack`, or `undelivered`; "" if it is none of these."""
    steps = steps_of(session, services, number)
    registration = cutover_of(session, number).registration
    lack = REGISTRATION_LACKS.get(registration) if registration else None
    if lack and not steps[StepName.ENROL_TEXTS].done_at:
        return lack.value
    sending = steps[StepName.PROVE_SENDING]
    # a test that was sent again was undelivered before, and only for what lies with us
    return "undelivered" if sending.tries > 1 or sending.trouble in OURS else ""


def keep_answers(cutover: Cutover, forwards: Forwards, serves: Serves) -> None:
    """Store what the customer answered about the old line."""
    cutover.old_forwards, cutover.old_serves = forwards.value, serves.value


def check_due_gates(session: Session) -> None:
    """Queue a check for numbers that have reached a gate, once for each gate and date; a project's numbers together."""
    due: dict[tuple[int, str, int], list[PortNumber]] = {}
    near = {number: gate for number in due_within(session, timedelta(days=max(GATES))) if (gate := _gate(number))}
    cutovers = cutovers_of(session, near)
    for number, gate in near.items():
        version = f"{number.date_version}:{gate}"
        if cutovers[number.id].looked_at_gate != version:
            cutovers[number.id].looked_at_gate = version
            due.setdefault((number.project_id, stated_date(number), gate), []).append(number)
    for (project_id, _, _), numbers in due.items():
        ids, version = [number.id for number in numbers], cutovers[numbers[0].id].looked_at_gate
        check_readiness.defer(session, project_id=project_id, port_number_ids=ids, version=version)


@task
def check_readiness(services: Services, *, project_id: int, port_number_ids: list[int], version: str) -> None:
    """Ask the carrier about the registration, then notify the customer and our staff of what each has to settle."""
    with services.sessions() as session:
        texting = [one for one in _coming(session, port_number_ids) if needs_registration(one)]
        asked = {one.id: _question(session, services, one) for one in texting}
    answers = {question: _registration(services, *question) for question in set(asked.values())}
    with services.sessions.begin() as session:
        numbers = _coming(session, port_number_ids)
        for number_id, cutover in cutovers_of(session, numbers).items():
            if number_id in asked:
                cutover.registration = answers[asked[number_id]] or cutover.registration
        _notify(session, services, numbers, version)


def _coming(session: Session, port_number_ids: Sequence[int]) -> list[PortNumber]:
    """Those of these numbers that still await their port date; the others were canceled or ported meanwhile."""
    waiting = (PortNumber.id.in_(port_number_ids), PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING]))
    rows = select(PortNumber).where(*waiting).options(selectinload(PortNumber.order))
    return list(session.scalars(rows.order_by(PortNumber.id)))


def _question(session: Session, services: Services, number: PortNumber) -> tuple[str, NumberKind, str | None]:
    """What the registration of a number's texts depends on: its carrier, its kind and its pool."""
    pool = pool_for(session, services, number.project.workspace_id)
    return destination_carrier(services, number), number.kind, pool


def _registration(services: Services, carrier: str, kind: NumberKind, pool: str | None) -> TextRegistration | None:
    """What the carrier says; None if it could not say. A toll-free number is verified only once it has arrived."""
    try:
        return registration_at(services, carrier, kind, "", pool)
    except CarrierError:
        return None


def _notify(session: Session, services: Services, numbers: Sequence[PortNumber], version: str) -> None:
    """Notify of what is missing. NUMBER is left out: many carriers show a number only when the port completes."""
    alike: dict[tuple[Lack, ...], list[PortNumber]] = {}
    lacks_of = lacking(session, services, numbers)
    for number in numbers:
        alike.setdefault(tuple(lacks_of[number.id]), []).append(number)
    for lacks, those in alike.items():
        first, missing = those[0], [lack.value for lack in lacks if lack in CUSTOMERS]
        if first.committed and missing:
            notice = NotReady(date=first.committed, missing=missing)
            notify_project(session, services, first.project, notice, f"{first.id}:{version}", those)
        ours = [lack.value for lack in lacks if lack in STAFFS]
        if ours:
            alert(session, AlertKind.MOVE_NOT_READY, f"port_number:{first.id}", missing=ours)


def _lacking(
    line: Line, cutover: Cutover, steps: Mapping[StepName, CutoverStep], *, callbacks_fail: bool
) -> list[Lack]:
    found = {
        Lack.PHONES: not line.phones,
        Lack.FORWARDING: not cutover.old_forwards,
        Lack.SERVICES: not cutover.old_serves,
        **{lack: cutover.registration is status for status, lack in REGISTRATION_LACKS.items()},
        Lack.CALLBACKS: callbacks_fail,
        Lack.NUMBER: not steps[StepName.FIND_NUMBER].done_at,
    }
    return [lack for lack, so in found.items() if so]


def _gate(number: PortNumber) -> int | None:
    """The gate that the number has reached, from `MORNING` on in its time zone; None before the first."""
    here = now().astimezone(zone_of(number.number))
    if number.committed_on is None or here.time() < MORNING:
        return None
    ahead = (number.committed_on - here.date()).days
    return next((gate for gate in GATES if 0 < ahead <= gate), None)


def _callbacks_fail(session: Session) -> bool:
    return bool(
        session.scalar(select(exists().where(never_came(), Unannounced.noticed_at > now() - timedelta(days=1))))
    )
