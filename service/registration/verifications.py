"""The verifications of a business's toll-free numbers, as its owner sees and corrects them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Invalid
from service.registration.answers import lacking, page_of
from service.registration.models import Business, Registration, Subject
from service.registration.standing import Standing, State, standing_of
from service.registration.submitting import try_again
from service.registration.wording import word_for_reviewers
from service.services import Services

KEEPS_ITS_PLACE: Final = timedelta(days=7)
"""A verification that is corrected so soon after its refusal keeps its place in line (the carrier's error 30824)."""


def of_toll_free(session: Session, business: Business) -> Sequence[tuple[Registration, Standing]]:
    """The verifications of a business's toll-free numbers, each with where it stands."""
    mine = (Registration.business_id == business.id, Registration.subject == Subject.TOLL_FREE)
    rows = session.scalars(select(Registration).where(*mine).order_by(Registration.id))
    return [(one, standing_of(one)) for one in rows]


def keeps_place_until(where: Standing) -> datetime | None:
    """Until when correcting a refused verification keeps its place; None for any other registration."""
    is_refused = where.state is State.REFUSED and where.waits_for is not None and where.since is not None
    if not is_refused or where.waits_for is None or where.since is None:
        return None
    return where.since + KEEPS_ITS_PLACE if where.waits_for.subject is Subject.TOLL_FREE else None


def verify_again(session: Session, services: Services, registration: Registration) -> None:
    """Submit a refused verification with the business's answers of now, for nothing.

    Raises:
        Invalid: answers are missing.
        Conflict: it is not refused, is being submitted already, or the workspace is paused.
    """
    if missing := lacking(registration.business):
        raise Invalid(missing)
    word_for_reviewers(registration.business, page_of(services, registration.business))
    try_again(session, registration, 0)
