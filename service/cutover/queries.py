"""Reads about cutovers, for pages and jobs."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from service.cutover.carrier_steps import CARRIER_STEPS
from service.cutover.models import FROM_OUTSIDE, INCOMING, Cutover, CutoverStep, StepName
from service.lines.models import Line
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.time import now

_URGENT: Final = (StepName.FIND_NUMBER, StepName.APPLY_ROUTING, StepName.SWAP_ROLES)
BEFORE_SENDING: Final = (StepName.SWAP_ROLES, StepName.ENROL_TEXTS, StepName.PROVE_TEXTS)
"""The steps after which texts leave from the number."""

_PAUSE: Final = timedelta(minutes=2)
"""Between tries of the other steps: without them the number is still reachable, and carriers take hours over them."""

_HURRIED_LOOKS: Final = 60
"""How often we look in quick succession for a number that the carrier does not show yet, before we look every minute.
Until it shows, calls to it fail; some carriers show it within seconds, others the next day."""

_LATER: Final = timedelta(minutes=1)


WITH_LINE: Final = selectinload(PortNumber.project).selectinload(PortProject.line)
"""Loads the projects and lines of numbers at once."""


def lines_of_numbers(session: Session, numbers: Collection[PortNumber]) -> dict[int, Line]:
    """The lines to which numbers come, with their phones, read at once; by the line's id."""
    here = Line.id.in_({number.line_id for number in numbers})
    return {line.id: line for line in session.scalars(select(Line).where(here).options(selectinload(Line.phones)))}


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
    open_proof = CutoverStep.done_at.is_(None) & (CutoverStep.name != StepName.CHANGE_SENDER)
    proven = ~exists().where(mine, or_(open_proof, only_tried()))
    sender_due = _open(StepName.CHANGE_SENDER) & ~_open(*BEFORE_SENDING)
    unseen = ~exists().where(mine, CutoverStep.name == StepName.SWAP_ROLES)
    looked = exists().where(
        mine,
        CutoverStep.name == StepName.FIND_NUMBER,
        CutoverStep.done_at.is_(None),
        CutoverStep.tries >= _HURRIED_LOOKS,
        CutoverStep.tried_at > now() - _LATER,
    )
    here = (PortNumber.state == State.PORTED, ~taken_back, ~looked)
    rows = select(PortNumber.id).where(*here, or_(to_do, unseen, sender_due, proven))
    return list(session.scalars(rows.order_by(PortNumber.id)))


def _open(*names: StepName) -> ColumnElement[bool]:
    """The condition that a number has any of these steps to do."""
    mine = CutoverStep.port_number_id == PortNumber.id
    return exists().where(mine, CutoverStep.name.in_(names), CutoverStep.done_at.is_(None))


def waiting_for_proof(session: Session) -> list[tuple[PortNumber, datetime]]:
    """Primary numbers of lines that lack a call or a text from another network, with the time of the swap."""
    mine = CutoverStep.port_number_id == PortNumber.id
    lacking = exists().where(
        mine, CutoverStep.name.in_(INCOMING), or_(CutoverStep.done_at.is_(None), CutoverStep.trial)
    )
    swap = aliased(CutoverStep)
    placed = (
        select(PortNumber, swap.done_at)
        .join(swap, (swap.port_number_id == PortNumber.id) & (swap.name == StepName.SWAP_ROLES))
        .where(PortNumber.state == State.PORTED, swap.done_at.is_not(None), lacking)
    )
    return [(number, at) for number, at in session.execute(placed.order_by(PortNumber.id)) if at]


def waiting_for_texts(session: Session) -> list[tuple[PortNumber, datetime]]:
    """Ported numbers that a call from another network has proven, with when, and whose texts are not delivered yet.

    Those whose cutover was taken back are left out.
    """
    voice, sending = aliased(CutoverStep), aliased(CutoverStep)
    taken_back = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.taken_back_at.is_not(None))
    waiting = (
        select(PortNumber, voice.done_at)
        .join(voice, (voice.port_number_id == PortNumber.id) & (voice.name == StepName.PROVE_VOICE))
        .join(sending, (sending.port_number_id == PortNumber.id) & (sending.name == StepName.PROVE_SENDING))
        .where(PortNumber.state == State.PORTED, PortNumber.carries_texts, ~taken_back)
        .where(voice.done_at.is_not(None), ~voice.trial, sending.done_at.is_(None))
    )
    return [(number, at) for number, at in session.execute(waiting.order_by(PortNumber.id)) if at]


def only_tried() -> ColumnElement[bool]:
    """The condition that a step has a trial for its proof and still needs one from outside."""
    return CutoverStep.trial & CutoverStep.name.in_(FROM_OUTSIDE)


def notified_of_strays() -> Select[PortNumber]:
    """Numbers whose owner was notified that calls go astray, and not yet that they no longer do."""
    notified = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.astray_at.is_not(None))
    return select(PortNumber).where(notified).options(WITH_LINE).order_by(PortNumber.id)
