"""Which numbers of a business show its name: those added later join, those that were released leave."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import Stage
from service.lines.kinds import kind_of
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.queue import task
from service.registration.models import CALLER_SUBJECTS, Registration, Subject
from service.services import Services
from service.spending.destinations import country_of


def bring_numbers_up_to_date(session: Session) -> None:
    """Queue the job for each approved registration whose numbers at the carrier are not those of the business."""
    approved = (Registration.subject.in_(CALLER_SUBJECTS), Registration.stage == Stage.APPROVED)
    for registration in session.scalars(select(Registration).where(*approved).order_by(Registration.id)):
        if set(registration.numbers) != _wanted(session, registration):
            match_numbers.defer_once(session, registration_id=registration.id)


@task
def match_numbers(services: Services, *, registration_id: int) -> None:
    """Let the numbers of a business join a registration about its calls, and others leave it."""
    with services.sessions() as session:
        registration = session.get_one(Registration, registration_id)
        wanted = _wanted(session, registration)
    facet, reference = services.network(registration.carrier).caller_trust, registration.reference
    there = facet.numbers(reference)
    for number in sorted(wanted - there):
        facet.join(reference, number)
    for number in sorted(there - wanted):
        facet.leave(reference, number)
    with services.sessions.begin() as session:
        session.get_one(Registration, registration_id, with_for_update=True).numbers = sorted(wanted)


def can_show(number: PhoneNumber, subject: Subject) -> bool:
    """Whether a number can join: an American one that is here. Toll-free numbers have no caller name."""
    is_here = number.standing is Standing.HELD and number.role is not NumberRole.ARRIVING and bool(number.reference)
    is_free = kind_of(number.number) is NumberKind.TOLL_FREE
    if not is_here or (country_of(number.number) != "US" and not is_free):
        return False
    return subject is not Subject.CALLER_NAME or not is_free


def _wanted(session: Session, registration: Registration) -> set[str]:
    here = (Line.workspace_id == registration.business.workspace_id, PhoneNumber.carrier == registration.carrier)
    numbers = session.scalars(select(PhoneNumber).join(Line).where(*here, PhoneNumber.released_at.is_(None)))
    return {number.reference for number in numbers if can_show(number, registration.subject)}
