"""Enrolling numbers for texts at their carrier, under the registration of the business that has them."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Refused, Unavailable
from provisioning.contract.porting import NumberKind
from service.alerts import AlertKind, alert, alert_once
from service.lines.inventory import BOUGHT
from service.lines.kinds import kind_of
from service.lines.models import Line, PhoneNumber, Standing
from service.lines.pools import pool_for
from service.queue import task
from service.registration.pools import carrier_of_pool, is_registered, open_pool
from service.services import Services
from service.spending.destinations import country_of
from service.time import now

_PATIENCE: Final = timedelta(seconds=30)
"""Between looks whether a pool is open."""


@task
def enrol_for_texts(services: Services, *, number_id: int) -> None:
    """Add a number that we bought to its pool, once that is open; operators take no texts from numbers outside of one.

    If the carrier refuses it, because the pool is full, operators are alerted. So they are if the pool of its business
    is at another carrier: there it does not text until it is registered by hand. While other operators take it in,
    nothing more happens: the clock has this done again.
    """
    with services.sessions.begin() as session:
        number = session.get_one(PhoneNumber, number_id)
        if number.standing is not Standing.HELD:
            return
        pool = pool_for(session, services, number.line.workspace_id)
        if pool is None:
            open_pool(session, services, number.line.workspace_id)
            enrol_for_texts.defer_in(session, _PATIENCE, number_id=number_id)
            return
        if pool and carrier_of_pool(session, number.line.workspace_id) != number.carrier:
            _alert_to_other_carrier(session, number)
            return
    try:
        services.network(number.carrier).messaging.enrol(number.reference, pool)
    except Unavailable as error:
        if not error.not_made:
            raise
    except Refused as error:
        _alert(services, number, error)
    else:
        with services.sessions.begin() as session:
            note_enrolled(session, session.get_one(PhoneNumber, number_id), pool)


def note_enrolled(session: Session, number: PhoneNumber, pool: str) -> None:
    """Store the pool of a number. It can text from now on, unless it waits for the registration of its business."""
    number.pool = pool
    if not _waits_for_registration(session, number):
        number.texts_since = number.texts_since or now()


def let_registered_numbers_text(session: Session) -> None:
    """Let bought numbers text that only waited until their business was registered.

    They are enrolled once more, as some carriers take numbers only into what is registered already.
    """
    held = (PhoneNumber.standing == Standing.HELD, PhoneNumber.role.in_(BOUGHT), PhoneNumber.texts_since.is_(None))
    rows = select(PhoneNumber).join(Line).where(*held, PhoneNumber.pool != "").order_by(PhoneNumber.id)
    for number in session.scalars(rows):
        if kind_of(number.number) is not NumberKind.TOLL_FREE and not _waits_for_registration(session, number):
            enrol_for_texts.defer_once(session, number_id=number.id)


def _waits_for_registration(session: Session, number: PhoneNumber) -> bool:
    """Whether texts from a bought number are not delivered before its business is registered.

    Those of American numbers in a pool of their business are not; that of the installation is registered.
    """
    if not number.pool or country_of(number.number) != "US":
        return False
    return not is_registered(session, number.line.workspace_id)


def _alert_to_other_carrier(session: Session, number: PhoneNumber) -> None:
    trouble = f"its business is registered at another carrier than {number.carrier}"
    about = f"phone_number:{number.id}"
    alert_once(session, AlertKind.REGISTRATION_NEEDS_STAFF, about, what="number", trouble=trouble)


def _alert(services: Services, number: PhoneNumber, error: Refused) -> None:
    with services.sessions.begin() as session:
        about = f"phone_number:{number.id}"
        alert(session, AlertKind.REGISTRATION_NEEDS_STAFF, about, what="number", trouble=str(error)[:200])
