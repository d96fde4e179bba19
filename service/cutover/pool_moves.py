"""Moving the numbers of a business from the pool of the installation to its own, on a day that was chosen.

The operators forget the old registration of a number before they take the new one, which takes days: meanwhile no
texts leave from it. They leave from another number of its line that can text, or wait. Calls and incoming texts go on.
"""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Unavailable
from provisioning.time_zones import zone_of
from service.accounts.models import Workspace
from service.cutover.carrier_jobs import texts_are_leaving
from service.errors import Conflict
from service.lines.models import Line, PhoneNumber, Standing
from service.queue import task
from service.registration.models import Business, Registration, Subject
from service.registration.pools import is_registered, own_pool
from service.registration.standing import business_in
from service.services import Services
from service.time import now, today

MEANWHILE: Final = (
    "From that day on the networks need two days, sometimes five, to learn of the move. Texts from these numbers wait "
    "for that, or leave from another number of their line. Calls and incoming texts go on."
)
"""What does not work while numbers move, said before."""


def choose_day(session: Session, workspace_id: int, day: date) -> Business:
    """Have the numbers of a workspace move to its own pool on a day in their time zone.

    Raises:
        Conflict: what the business texts is not registered yet, so that its texts would stop for weeks; or the day
            is over.
    """
    business = business_in(session, workspace_id)
    if business is None or not is_registered(session, workspace_id):
        raise Conflict("Its texts are not registered yet. Its numbers can move once they are.")
    if day < today(ZoneInfo(session.get_one(Workspace, workspace_id).zone)):
        raise Conflict("Choose a day that is still to come.")
    business.moves_on = day
    return business


def move_due_numbers(session: Session, services: Services) -> None:
    """Begin to move the numbers whose day has come, and go on with those that are on the way."""
    if services.settings.single_business:
        return
    texting = (PhoneNumber.standing == Standing.HELD, PhoneNumber.texts_since.is_not(None))
    elsewhere = (Registration.reference != "", PhoneNumber.pool != Registration.reference)
    rows = select(PhoneNumber, Business.moves_on).join(Line).join(Business, Business.workspace_id == Line.workspace_id)
    rows = rows.join(Business.registrations.and_(Registration.subject == Subject.POOL))
    for number, day in session.execute(rows.where(Business.moves_on.is_not(None), *texting, *elsewhere)):
        if day and day <= today(zone_of(number.number)):
            number.moving_since = number.moving_since or now()
            move_number.defer_once(session, number_id=number.id)


@task
def move_number(services: Services, *, number_id: int) -> None:
    """Take a number out of its pool, once no text leaves from it any more, and put it into that of its business.

    While the operators have not forgotten it, nothing more happens; the clock has this done again.
    """
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
        pool = own_pool(session, number.line.workspace_id)
        is_due = number.moving_since is not None and number.standing is Standing.HELD
        if not is_due or not pool or texts_are_leaving(session, number.number):
            return
    messaging = services.network(number.carrier).messaging
    messaging.withdraw(number.reference, number.pool)
    try:
        messaging.enrol(number.reference, pool)
    except Unavailable:
        return
    with services.sessions.begin() as session:
        moved = session.get_one(PhoneNumber, number_id)
        moved.pool, moved.moving_since = pool, None
