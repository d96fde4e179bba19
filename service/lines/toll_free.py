"""Verifying the toll-free numbers of businesses, without which operators take no texts from them."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import Mender, Stage
from service.errors import Conflict
from service.lines.inventory import BOUGHT
from service.lines.kinds import kind_of
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.registration.models import Business, Registration, Subject
from service.registration.standing import objections_of
from service.registration.submitting import registration_of, submit_new, try_again
from service.time import now

_A_DAY: Final = timedelta(days=1)


def verify_toll_free_numbers(session: Session) -> None:
    """Have the toll-free numbers verified that are at their carrier, once their business was checked.

    Carriers verify none that is still being ported: it waits until it is ours. Verified ones can text.
    """
    here = (
        PhoneNumber.standing == Standing.HELD,
        PhoneNumber.role != NumberRole.ARRIVING,
        PhoneNumber.texts_since.is_(None),
    )
    rows = select(PhoneNumber, Business).join(Line).join(Business, Business.workspace_id == Line.workspace_id)
    for number, business in session.execute(rows.where(*here).order_by(PhoneNumber.id)):
        if kind_of(number.number) is NumberKind.TOLL_FREE:
            _verify(session, number, business)


def _verify(session: Session, number: PhoneNumber, business: Business) -> None:
    mine = (Registration.business_id == business.id, Registration.number == number.reference)
    verification = session.scalar(select(Registration).where(*mine, Registration.subject == Subject.TOLL_FREE))
    who = registration_of(session, business.id, Subject.BUSINESS)
    if verification and verification.stage is Stage.APPROVED:
        if number.role in BOUGHT:  # texts from a ported one wait for its cutover
            number.texts_since = now()
    elif verification is None and who and who.stage is Stage.APPROVED:
        submit_new(session, business, Subject.TOLL_FREE, number.carrier, number=number.reference)
    elif verification and _passes_by_itself(verification):
        with suppress(Conflict):  # a paused workspace waits
            try_again(session, verification, 0)


def _passes_by_itself(verification: Registration) -> bool:
    """Whether it was refused a day ago for what passes by itself, such as that the number was still being ported."""
    objections = objections_of(verification)
    is_refused = verification.stage is Stage.REFUSED and verification.changed_at <= now() - _A_DAY
    return is_refused and bool(objections) and all(one.mender is Mender.LATER for one in objections)
