"""Calls that would go round in circles: the old line forwards to us, we ring a phone, that forwards to us again.

Two guards, both in the one read that a ringing phone waits for. A number of ours is never rung as somebody's phone. And
a caller of whom two calls have been ringing on the line for no more than seconds is our own leg coming back, and not a
colleague of the first caller behind the same switchboard: the third goes to voicemail, and the circle ends.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, bindparam, exists, func, select
from sqlalchemy.orm import Session

from service.db import UtcTime
from service.inbox.models import Call, Contact, Conversation, Outcome
from service.lines.models import Line, Phone, PhoneNumber, Standing
from service.phone_numbers import is_dialable

WITHIN: Final = timedelta(seconds=20)
"""How soon a leg of ours comes back: people who dial again have hung up before, and are not ringing any more."""

ENOUGH: Final = 2


def not_ours() -> ColumnElement[bool]:
    """The condition for a phone to be rung: it is no number that we hold, on whichever line."""
    return ~exists().where(PhoneNumber.number == _bare_phone(), PhoneNumber.standing == Standing.HELD)


def comes_back() -> ColumnElement[bool]:
    """Whether two other calls of the caller (bound as `caller`, this call as `reference`) ring since `since`."""
    ringing = (
        select(func.count())
        .select_from(Call)
        .join(Conversation, Conversation.id == Call.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.line_id == Line.id, Contact.number == bindparam("caller"))
        .where(Call.outcome == Outcome.RINGING, Call.reference != bindparam("reference"))
        .where(Call.at > bindparam("since", type_=UtcTime))
    )
    return ringing.correlate(Line).scalar_subquery() >= ENOUGH


def goes_round(session: Session, call: Call) -> bool:
    """Whether a call that is known to be forwarded was sent to voicemail for going in circles.

    Read after the call was answered, by the same two signs. Without a number that forwards there is none: three calls
    at once may come from one switchboard, and nobody should be told to remove what is not there.
    """
    line_id, caller = call.conversation.line_id, call.conversation.contact.number
    if not call.forwarded_from:
        return False
    phones = select(exists().where(Phone.line_id == line_id, _bare_phone() == call.forwarded_from))
    if session.scalar(phones):
        return True
    asked = {"caller": caller, "reference": call.reference, "since": since(call.at)}
    again = select(comes_back()).select_from(Line).where(Line.id == line_id)
    return is_dialable(caller) and bool(session.scalar(again, asked))


def since(at: datetime) -> datetime:
    """From when on a call of the same caller counts."""
    return at - WITHIN


def _bare_phone() -> ColumnElement[str]:
    """The number (E.164) of a phone, without its extension."""
    return func.split_part(Phone.number, ";", 1, type_=String)
