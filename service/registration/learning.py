"""What the carrier says of a registration, written down; what follows from it is owed in the same transaction."""

from dataclasses import asdict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, NotFound, Refused
from provisioning.contract.registration import Mender, Objection, Registered, Stage
from service.alerts import AlertKind, alert
from service.queue import task
from service.registration.models import CALLER_SUBJECTS, Registration, Subject
from service.registration.owner_notices import notify_owner
from service.registration.submitting import is_being_submitted, submit_program
from service.services import Services
from service.time import now

STAFFS: Final = frozenset({Mender.OPERATOR, Mender.LATER, Mender.FINAL})
"""Who mends what the customer cannot: operators are alerted."""


class Objected(Refused):
    """The carrier objects before anything was entered, so nothing was paid."""

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__("the carrier objects", code=objections[0].code)
        self.objections = objections


def objections_in(error: CarrierError) -> tuple[Objection, ...]:
    """The objections in a refusal. One of a code that names no field is the operators' to look at."""
    if isinstance(error, Objected):
        return error.objections
    faults = [fault for fault in getattr(error, "faults", ()) if fault.field]
    code = getattr(error, "code", "")
    named = tuple(Objection(code, Mender.CUSTOMER, fault.field, fault.message) for fault in faults)
    return named or (Objection(code, Mender.OPERATOR, text=str(error)),)


def learn(session: Session, services: Services, registration: Registration, answer: Registered) -> None:
    """Write down where a registration, whose row is locked, stands by the carrier's answer.

    What it says again changes nothing.
    """
    registration.word = answer.word[:64]
    objections = [asdict(one) for one in answer.objections]
    if (registration.stage, registration.objections) == (answer.stage, objections):
        return
    registration.stage, registration.objections, registration.changed_at = answer.stage, objections, now()
    if answer.stage is Stage.APPROVED:
        submit_program(session, registration.business)
    alert_if_ours(session, registration, answer.objections)
    notify_owner(session, services, registration)


def alert_if_ours(session: Session, registration: Registration, objections: tuple[Objection, ...]) -> None:
    """Alert the operators to what they have to see to: the customer can mend other things alone."""
    stopped = registration.stage in {Stage.SUSPENDED, Stage.GONE}
    codes = [one.code for one in objections if one.mender in STAFFS]
    if stopped or codes:
        details = {"what": registration.subject, "stage": registration.stage, "codes": codes}
        about = f"workspace:{registration.business.workspace_id}"
        alert(session, AlertKind.REGISTRATION_NEEDS_STAFF, about, **details)


def changed_at_carrier(session: Session, tag: str, reason: str) -> None:
    """A callback says that a registration has changed: ask where it stands. It may come late, or more than once.

    Only the words of a refusal are kept, as the carrier says them nowhere else: the first, on which others follow.
    """
    registration = session.scalar(select(Registration).where(Registration.tag == tag).with_for_update())
    if registration is not None:
        registration.reason = registration.reason or reason
        ask_about_registration.defer_once(session, registration_id=registration.id)


@task
def ask_about_registration(services: Services, *, registration_id: int) -> None:
    """Ask the carrier where a registration stands, and write that down.

    While it is submitted, and if it was submitted again meanwhile, the carrier's answer is about the try before: it
    counts for nothing, and the clock has it asked again.
    """
    asked_at = now()  # a rehearsal's clock may be wound on before the answer is written, which is of the time before
    with services.sessions() as session:
        registration = session.get_one(Registration, registration_id)
        tries = len(registration.submissions)
        if is_being_submitted(session, registration):
            return
    answer = _asked(services, registration)
    with services.sessions.begin() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        if answer and len(registration.submissions) == tries:
            registration.asked_at = asked_at
            learn(session, services, registration, answer)


def _asked(services: Services, registration: Registration) -> Registered | None:
    """The carrier's answer; None while nothing was entered. What it has no more is GONE."""
    facet, reference = services.registration(registration.carrier), registration.reference
    if not reference:
        return None
    try:
        if registration.subject is Subject.BUSINESS:
            return facet.business(reference)
        if registration.subject is Subject.PROGRAM:
            return facet.program(reference) or Registered(reference, Stage.GONE)
        if registration.subject in CALLER_SUBJECTS:
            return services.caller_trust(registration.carrier).state(reference)
        return facet.find_toll_free(registration.tag) or Registered(reference, Stage.GONE)
    except NotFound:
        return Registered(reference, Stage.GONE)
