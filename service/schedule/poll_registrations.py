"""Asking carriers where registrations of businesses stand: soon while they are checked, daily once they are decided.

What follows for their numbers is done beside it.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from provisioning.contract.registration import Stage
from service.cutover.pool_moves import move_due_numbers
from service.lines.showing_calls import bring_numbers_up_to_date
from service.lines.texting import let_registered_numbers_text
from service.lines.toll_free import verify_toll_free_numbers
from service.registration.learning import ask_about_registration
from service.registration.models import Registration, Subject
from service.services import Services
from service.time import now

PAUSES: Final = {
    Stage.CHECKING: timedelta(minutes=2),
    Stage.AWAITS_OWNER: timedelta(minutes=5),
    Stage.IN_REVIEW: timedelta(hours=1),
    Stage.APPROVED: timedelta(days=1),
    Stage.REFUSED: timedelta(days=1),
    Stage.SUSPENDED: timedelta(hours=1),
}
"""After how long a registration in each stage is asked about again; one that is gone stays gone."""


def poll_registrations(services: Services) -> None:
    """Queue the question about every registration that is due, and store the time, so that it is asked once."""
    due = [
        (Registration.stage == stage) & or_(Registration.asked_at.is_(None), Registration.asked_at <= now() - pause)
        for stage, pause in PAUSES.items()
    ]
    entered = (Registration.reference != "", Registration.subject != Subject.POOL)
    with services.sessions.begin() as session:
        for row in session.scalars(select(Registration).where(*entered, or_(*due)).order_by(Registration.id)):
            row.asked_at = now()
            ask_about_registration.defer_once(session, registration_id=row.id)


def ready_numbers(services: Services) -> None:
    """Bring what numbers do into line with the registrations of their businesses.

    Numbers text, toll-free ones are verified, those whose day has come change their pool, and calls show the business.
    """
    with services.sessions.begin() as session:
        let_registered_numbers_text(session)
        verify_toll_free_numbers(session)
        move_due_numbers(session, services)
        bring_numbers_up_to_date(session)
