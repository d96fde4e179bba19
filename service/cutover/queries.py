"""Reads about cutovers, for pages and jobs."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from service.cutover.carrier_steps import CARRIER_STEPS
from service.cutover.models import Cutover, CutoverStep, StepName
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now

_URGENT: Final = (StepName.FIND_NUMBER, StepName.APPLY_ROUTING, StepName.SWAP_ROLES)
_PAUSE: Final = timedelta(minutes=2)
"""Between tries of the other steps: without them the number is still reachable, and carriers take hours over them."""

_HURRIED_LOOKS: Final = 60
"""How often we look in quick succession for a number that the carrier does not show yet, before we look every minute.
Until it shows, callers reach nobody; some carriers show it within seconds, others the next day."""

_LATER: Final = timedelta(minutes=1)


def taken_back_among(session: Session, numbers: Iterable[PortNumber]) -> frozenset[int]:
    """Ids of the ported numbers among these whose cutover was taken back, so that the temporary number serves."""
    here = [number.id for number in numbers if number.state is State.PORTED]
    taken_back = select(Cutover.port_number_id).where(
        Cutover.port_number_id.in_(here), Cutover.taken_back_at.is_not(None)
    )
    return frozenset(session.scalars(taken_back))


def numbers_to_advance(session: Session) -> list[int]:
    """Ids of ported numbers, not taken back, of which a step is due or the last proof has come.

    Read every few seconds, because each second counts for a number that is here and not routed.
    """
    mine = CutoverStep.port_number_id == PortNumber.id
    taken_back = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.taken_back_at.is_not(None))
    rested = or_(CutoverStep.tried_at.is_(None), CutoverStep.tried_at <= now() - _PAUSE)
    due = or_(CutoverStep.name.in_(_URGENT), CutoverStep.name.in_(CARRIER_STEPS) & rested)
    to_do = exists().where(mine, CutoverStep.done_at.is_(None), due)
    proven = ~exists().where(mine, CutoverStep.done_at.is_(None), CutoverStep.name != StepName.CHANGE_SENDER)
    unseen = ~exists().where(mine, CutoverStep.name == StepName.SWAP_ROLES)
    looked = exists().where(
        mine,
        CutoverStep.name == StepName.FIND_NUMBER,
        CutoverStep.done_at.is_(None),
        CutoverStep.tries >= _HURRIED_LOOKS,
        CutoverStep.tried_at > now() - _LATER,
    )
    here = (PortNumber.state == State.PORTED, ~taken_back, ~looked)
    rows = select(PortNumber.id).where(*here, or_(to_do, unseen, proven))
    return list(session.scalars(rows.order_by(PortNumber.id)))


def notified_of_strays() -> Select[PortNumber]:
    """Numbers whose owner was notified that calls go astray, and not yet that they no longer do."""
    told = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.astray_at.is_not(None))
    return select(PortNumber).where(told).order_by(PortNumber.id)
