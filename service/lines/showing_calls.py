"""Which numbers of a business show its name: those added later join, those that were released leave."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict, Refused
from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import Stage
from service.alerts import AlertKind, alert_once_in
from service.lines.kinds import kind_of
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.queue import task
from service.registration.models import CALLER_SUBJECTS, Business, Registration, Subject
from service.services import Services
from service.spending.destinations import country_of

_APPROVED: Final = and_(Registration.subject.in_(CALLER_SUBJECTS), Registration.stage == Stage.APPROVED)

_REMINDED_EVERY: Final = timedelta(days=7)
"""How often staff are alerted to a number that still cannot join, or leave."""


def bring_numbers_up_to_date(session: Session) -> None:
    """Queue the job for each approved registration whose numbers at the carrier are not those of the business."""
    for registration, wanted in _wanted(session, _APPROVED):
        if set(registration.numbers) != wanted:
            match_numbers.defer_once(session, registration_id=registration.id)


@task
def match_numbers(services: Services, *, registration_id: int) -> None:
    """Let the numbers of a business join a registration about its calls, and others leave it.

    Those that the carrier refuses hold no others up: staff are alerted, and they are tried again with the next job.
    """
    with services.sessions() as session:
        [(registration, wanted)] = _wanted(session, Registration.id == registration_id)
    facet, reference = services.caller_trust(registration.carrier), registration.reference
    there = facet.numbers(reference)
    stay = _refused(facet.leave, reference, there - wanted)
    missing = _refused(facet.join, reference, wanted - there)
    with services.sessions.begin() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        registration.numbers = sorted(wanted - missing.keys() | stay.keys())
        if refused := stay | missing:
            _alert(session, registration, refused)


def can_show(number: PhoneNumber, subject: Subject) -> bool:
    """Whether a number can join: an American one that is here. Toll-free numbers have no caller name."""
    is_here = number.standing is Standing.HELD and number.role is not NumberRole.ARRIVING and bool(number.reference)
    is_free = kind_of(number.number) is NumberKind.TOLL_FREE
    if not is_here or (country_of(number.number) != "US" and not is_free):
        return False
    return subject is not Subject.CALLER_NAME or not is_free


def _wanted(session: Session, which: ColumnElement[bool]) -> Iterator[tuple[Registration, set[str]]]:
    """Registrations about calls, each with the numbers (the carrier's references) that shall have joined it."""
    theirs = (PhoneNumber.line_id == Line.id, PhoneNumber.carrier == Registration.carrier)
    pairs = select(Registration, PhoneNumber).join(Registration.business).where(which).order_by(Registration.id)
    pairs = pairs.outerjoin(Line, Line.workspace_id == Business.workspace_id)
    pairs = pairs.outerjoin(PhoneNumber, and_(*theirs, PhoneNumber.released_at.is_(None)))
    for registration, rows in groupby(session.execute(pairs), itemgetter(0)):
        numbers = (number for _, number in rows if number)
        yield registration, {one.reference for one in numbers if can_show(one, registration.subject)}


def _refused(act: Callable[[str, str], None], reference: str, numbers: Collection[str]) -> dict[str, str]:
    """Try each number. Returns those that the carrier refused, with its words."""
    refused = {}
    for number in sorted(numbers):
        try:
            act(reference, number)
        except (Refused, Conflict) as error:
            refused[number] = str(error)[:200]
    return refused


def _alert(session: Session, registration: Registration, refused: Mapping[str, str]) -> None:
    about = f"registration:{registration.id}"
    where = {"what": registration.subject, "workspace": registration.business.workspace_id}
    details = {"numbers": sorted(refused), "trouble": sorted(set(refused.values()))}
    alert_once_in(session, AlertKind.REGISTRATION_NEEDS_STAFF, about, _REMINDED_EVERY, **where, **details)
