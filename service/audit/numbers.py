"""Numbers in the carrier's account compared with those we hold."""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.audit.period import Period
from service.lines.models import PhoneNumber, Standing
from service.porting.models import PortNumber
from service.porting.states import FINAL
from service.services import Services


def differences(services: Services, carrier: str, period: Period) -> Iterator[str]:
    """Numbers that only one side has. Numbers that are being bought, ported or released are left out."""
    there = {owned.number for owned in services.network(carrier).numbers.owned()}
    with services.sessions() as session:
        explained = _explained(session, carrier, period) | {*services.settings.platform_numbers}
        held = _held(session, carrier, period)
    yield from (f"Number {number} is at {carrier} and in no row of ours." for number in sorted(there - explained))
    yield from (f"Number {number} is held by a line and not at {carrier}." for number in sorted(held - there))


def _explained(session: Session, carrier: str, period: Period) -> set[str]:
    here = or_(
        PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD]),
        and_(PhoneNumber.standing.in_([Standing.RELEASED, Standing.LEFT]), PhoneNumber.released_at > period.until),
    )
    ours = session.scalars(select(PhoneNumber.number).where(PhoneNumber.carrier == carrier, here))
    coming = (PortNumber.order_id.is_not(None), PortNumber.state.not_in(FINAL))
    return {*ours, *session.scalars(select(PortNumber.number).where(*coming))}


def _held(session: Session, carrier: str, period: Period) -> set[str]:
    settled = (PhoneNumber.standing == Standing.HELD, PhoneNumber.routed_at <= period.until)
    return set(session.scalars(select(PhoneNumber.number).where(PhoneNumber.carrier == carrier, *settled)))
