"""Calls out of which both ends have a call of their own, so that they can be held, parked and passed on like others.

The member hears in the queue how it rings, and the contact's phone is a leg that is asked for no key. As it is picked
up, the contact becomes the caller of the group, and the member the one who took the call.

Carriers document how a call is led out of a queue or a room. Of a phone that one `Dial` has rung they do not tell what
becomes of it when either call is led elsewhere; at one carrier it is hung up on, so neither end could be held.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallArrived, KeyPressed
from provisioning.contract.voice import Ring
from service.callback_addresses import Addresses, read
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.calls.legs.orders import BUFFER
from service.calls.legs.placing import place_legs
from service.calls.legs.settling import GONE, settle_ringing
from service.calls.outgoing import Ends, ring_contact
from service.inbox.models import Call, Direction
from service.ledger.models import EntryKind, LedgerEntry
from service.time import now


def begin_to_call(
    session: Session, carrier: str, line_id: int, event: CallArrived | KeyPressed, ring: Ring, entry: str
) -> str | None:
    """Write down whom a member calls, who is on the phone; the tag of the group, or None for a call that is gone.

    A repeated request finds what the first one wrote, also once the contact has picked up.
    """
    call = _call_of(session, entry)
    if call is None:
        return None
    call.reference = call.reference or event.reference
    seconds = timedelta(seconds=ring.seconds) + BUFFER
    row = {
        "line_id": line_id,
        "carrier": carrier,
        "call_reference": event.reference,
        "caller": ring.numbers[0],
        "called": ring.caller_id,
        "shown": ring.caller_id,
        "recorded": bool(ring.recording_url),
        "announced_for": read(ring.recording_url.partition("?")[2]).announced,
        "seconds": seconds.total_seconds(),
        "deadline_at": now() + seconds,
        "calls_out": True,
    }
    if call.reference == event.reference:
        _begin(session, row)
    return session.scalar(select(Ringing.tag).where(Ringing.call_reference == call.reference))


def _begin(session: Session, row: dict[str, object]) -> None:
    unique = ["call_reference", "node", "after"]
    begun = insert(Ringing).values(**row).on_conflict_do_nothing(index_elements=unique).returning(Ringing.id)
    if ringing_id := session.scalar(begun):
        session.add(Leg(ringing_id=ringing_id, number=row["caller"]))
        place_legs.defer(session, ringing_id=ringing_id)


def contact_picked_up(session: Session, leg: Leg) -> bool:
    """Have the contact who was called with this leg talk with the member; False if the member waits no more."""
    ringing = leg.ringing
    if ringing.state is not RingingState.RINGING or leg.state in GONE:
        return False
    call = session.scalar(select(Call).where(Call.reference == ringing.call_reference).with_for_update())
    if call is None:
        return False
    member = Leg(number=call.rung_first, reference=call.reference, state=LegState.RINGING, placed_at=now())
    ringing.legs.append(member)
    session.flush()
    call.reference = ringing.call_reference = leg.reference or ""
    ringing.state, ringing.taken_by, ringing.taken_at = RingingState.TAKEN, member.id, now()
    leg.state = LegState.ENDED
    settle_ringing.defer(session, ringing_id=ringing.id)
    return True


def in_one_step(session: Session, to: Addresses, ringing: Ringing) -> Ring:
    """Ring the contact without a leg: the carrier's or our own side was too slow to place one."""
    ends = Ends(ringing.caller, ringing.called, "")
    why = ringing.announced_for if ringing.recorded else ""
    return ring_contact(to, ringing.line_id, ends, why, _tag_of(session, ringing.call_reference))


def _call_of(session: Session, tag: str) -> Call | None:
    """The call out of which a callback address carries the tag."""
    return session.scalar(_CALLS_OUT.where(LedgerEntry.tag == tag))


def _tag_of(session: Session, reference: str) -> str:
    """The tag of a call out that callback addresses carry, by the carrier's id of the call."""
    return session.scalar(_CALLS_OUT.with_only_columns(LedgerEntry.tag).where(Call.reference == reference)) or ""


_CALLS_OUT: Final = (
    select(Call)
    .join(LedgerEntry, LedgerEntry.subject_id == Call.id)
    .where(LedgerEntry.kind == EntryKind.PLACE_CALL, Call.direction == Direction.OUT)
)
