"""The recording of a talk pauses at the carrier while a card number is read out, and goes on, as the row says."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict, Refused
from service.calls.legs.models import Pause, Ringing, RingingState
from service.calls.legs.settling import settle_ringing, show_anew
from service.calls.legs.waiting import ON_THE_WAY
from service.queue import task
from service.services import Services
from service.time import now

AGAIN: Final = timedelta(seconds=1)
"""After this time (real time) it is looked again whether the recording has begun."""


@task
def steer_recording(services: Services, *, ringing_id: int) -> None:
    """Pause a recording, or have it go on, and look whether that is still wanted."""
    with services.sessions() as session:
        ringing = session.get(Ringing, ringing_id)
    if ringing is None or ringing.state is RingingState.OVER or ringing.pause is Pause.DONE:
        return
    calling, is_recorded = services.network(ringing.carrier).calling, True
    act = calling.pause_recording if ringing.pause is Pause.ASKED else calling.resume_recording
    try:
        act(ringing.call_reference)
    except (Conflict, Refused):  # nothing is recorded of the call, or what is can not be paused
        is_recorded = False
    with services.sessions.begin() as session:
        _note(session, session.get_one(Ringing, ringing_id, with_for_update=True), ringing.pause, is_recorded)


def _note(session: Session, ringing: Ringing, steered: Pause, is_recorded: bool) -> None:  # noqa: FBT001 -- an outcome
    """Note what a request came to, with which the recording was `steered`. Later requests may have overtaken it.

    Where none was found of a talk, the carrier may record the room and not the call: only in a room that is not
    recorded from its beginning does the pause certainly hold.
    """
    if ringing.pause is not steered:
        ringing.pause = Pause.ASKED if ringing.pause is Pause.DONE else ringing.pause
        steer_recording.defer_once(session, ringing_id=ringing.id)
    elif not is_recorded and _is_on_the_way(ringing):
        steer_recording.defer_once_in(session, AGAIN, ringing_id=ringing.id)
    elif not is_recorded and ringing.state is RingingState.TAKEN:
        _lead_anew(session, ringing)
    elif steered is Pause.ASKED:
        ringing.pause = Pause.DONE
        show_anew(session, ringing)


def _is_on_the_way(ringing: Ringing) -> bool:
    """Whether the caller may not be in the room yet, where the recording begins."""
    return ringing.fetched_at is not None and now() < ringing.fetched_at + ON_THE_WAY


def _lead_anew(session: Session, ringing: Ringing) -> None:
    """Lead the caller into the room once more, which is then recorded from its beginning, or during a pause not."""
    ringing.fetched_for = None
    settle_ringing.defer(session, ringing_id=ringing.id)
