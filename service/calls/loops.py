"""Calls that would go round in circles: the old line forwards to us, we ring a phone, that forwards to us again.

Two guards, both in the one read that a ringing phone waits for. A number of ours is never rung as somebody's phone. And
a caller of whom two calls have been ringing on the line for no more than seconds is our own leg coming back, and not a
colleague of the first caller behind the same switchboard: the third goes to voicemail, and the circle ends.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from service.db import UtcTime
from service.inbox.models import Call, Contact, Conversation, Outcome
from service.lines.models import Line, Phone, PhoneNumber, Standing

WITHIN: Final = timedelta(seconds=20)
"""How soon a leg of ours comes back: people who dial again have hung up before, and are not ringing any more."""

ENOUGH: Final = 2


def not_ours() -> ColumnElement[bool]:
    """The condition for a phone to be rung: it is no number that we hold, on whichever line."""
    return ~exists().where(PhoneNumber.number == Phone.number, PhoneNumber.standing == Standing.HELD)


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


def since(at: datetime) -> datetime:
    """From when on a call of the same caller counts."""
    return at - WITHIN
