"""Reads about moves, for pages and jobs."""

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
"""How long the rest waits between tries: it keeps nobody from being reached, and carriers take hours over it."""

_HURRIED_LOOKS: Final = 60
"""Looks for a number that the carrier does not show yet, before they are made a minute apart: nobody who calls it in
these minutes reaches anybody, and some carriers show it within seconds, others the next day."""

_LATER: Final = timedelta(minutes=1)


def taken_back_among(session: Session, numbers: Iterable[PortNumber]) -> frozenset[int]:
    """Ids of those that have arrived and whose move was taken back: the temporary number serves instead."""
    here = [number.id for number in numbers if number.state is State.PORTED]
    taken_back = select(Cutover.port_number_id).where(
        Cutover.port_number_id.in_(here), Cutover.taken_back_at.is_not(None)
    )
    return frozenset(session.scalars(taken_back))


def numbers_to_advance(session: Session) -> list[int]:
    """Ids of port numbers that have arrived, were not taken back, and have a step that is due or all proofs there are.

    Asked every few seconds, as each of them counts for a number that is here and not routed.
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


def told_of_strays() -> Select[PortNumber]:
    """Numbers whose owner was told that the old service is needed again, and not yet that this is over."""
    told = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.astray_at.is_not(None))
    return select(PortNumber).where(told).order_by(PortNumber.id)
