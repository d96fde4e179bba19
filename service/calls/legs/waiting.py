"""What a waiting caller hears. The carrier asks for it every few seconds, so it reads little."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists, select

from provisioning.contract.voice import CallStep, HangUp, Play, StopWaiting
from service.callback_addresses import Addresses
from service.calls.legs.models import Leg, Ringing, RingingState
from service.calls.ringback import MUSIC, name_for
from service.db import Read, Reads
from service.lines.models import Line

UNPLACED: Final = timedelta(seconds=8)
"""So long a caller waits for the first leg to be placed; then the phones are rung in one step after all."""

UNPARKED: Final = timedelta(minutes=1)
"""So long after their time is up may it take to park a held caller; then the person who held them talks with them."""

ON_THE_WAY: Final = timedelta(seconds=8)
"""So long may a request take that fetches the caller; then they leave the queue by themselves.

One that comes later still leads them out of the room, and both into it again.
"""


def while_waiting(reads: Reads, to: Addresses, tag: str, at: datetime) -> list[CallStep]:
    """Ringback while phones ring, music while the caller is held or parked.

    The carrier asks again when it has ended, so a caller never waits for ever.
    """
    found = _STATE.first(reads, tag=tag)
    if found is None:
        return [HangUp()]
    state, begun, deadline, fetched, country, placed = found
    held = state == RingingState.HELD and at < deadline + UNPARKED
    if held or (state == RingingState.PARKED and at < deadline):
        return [Play(to.greeting(MUSIC))]
    rings = state == RingingState.RINGING and at < deadline and (placed or at < begun + UNPLACED)
    is_fetched = fetched is not None and at < fetched + ON_THE_WAY
    return [Play(to.greeting(name_for(country)))] if rings or is_fetched else [StopWaiting()]


_PLACED = exists().where(Leg.ringing_id == Ringing.id, Leg.placed_at.is_not(None))
_STATE = Read(
    select(Ringing.state, Ringing.begun_at, Ringing.deadline_at, Ringing.fetched_at, Line.country, _PLACED)
    .join(Line, Line.id == Ringing.line_id)
    .where(Ringing.tag == bindparam("tag"))
)
