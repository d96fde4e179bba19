"""Forwarding loops: the old line forwards to us, we ring a phone, and that phone forwards to us again.

Two guards, both in the one statement that answers a call. A number that we hold is never rung as a phone of a line. And
a third call from one caller while two of theirs have been ringing for seconds is taken for our own call coming back,
not for a colleague of the caller behind the same switchboard: it goes to voicemail, which ends the loop.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from service.db import UtcTime
from service.inbox.models import Call, Contact, Conversation, Outcome
from service.lines.models import Line, Phone, PhoneNumber, Standing
from service.phone_numbers import is_dialable, spellings

WITHIN: Final = timedelta(seconds=20)
"""How soon our own call comes back. A person who dials again has hung up first, so their call rings no more."""

ENOUGH: Final = 2


def not_ours() -> ColumnElement[bool]:
    """The condition on `Phone` that it may be rung: its number is not one that we hold on any line."""
    return ~exists().where(PhoneNumber.number.in_(_bare_phone_spellings()), PhoneNumber.standing == Standing.HELD)


def comes_back() -> ColumnElement[bool]:
    """Whether `ENOUGH` other calls of the caller ring on `Line`.

    Bind `callers` (the caller in every spelling), this call's `reference` and `since`.
    """
    ringing = (
        select(func.count())
        .select_from(Call)
        .join(Conversation, Conversation.id == Call.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.line_id == Line.id, Contact.number == any_(bindparam("callers", type_=ARRAY(String))))
        .where(Call.outcome == Outcome.RINGING, Call.reference != bindparam("reference"))
        .where(Call.at > bindparam("since", type_=UtcTime))
    )
    return ringing.correlate(Line).scalar_subquery() >= ENOUGH


def goes_round(session: Session, call: Call) -> bool:
    """Whether a forwarded call was sent to voicemail because of a forwarding loop.

    Read after the call was answered, by the same two guards. A call that is not known to be forwarded never counts:
    three calls at once may come from one switchboard, and there would be no forwarding to remove.
    """
    line_id, caller = call.conversation.line_id, call.conversation.contact.number
    if not call.forwarded_from:
        return False
    phones = select(exists().where(Phone.line_id == line_id, _bare_phone().in_(spellings(call.forwarded_from))))
    if session.scalar(phones):
        return True
    asked = {"callers": list(spellings(caller)), "reference": call.reference, "since": since(call.at)}
    again = select(comes_back()).select_from(Line).where(Line.id == line_id)
    return is_dialable(caller) and bool(session.scalar(again, asked))


def since(at: datetime) -> datetime:
    """The moment after which another call of the same caller counts."""
    return at - WITHIN


def _bare_phone() -> ColumnElement[str]:
    """The number (E.164) of a phone, without its extension."""
    return func.split_part(Phone.number, ";", 1, type_=String)


def _bare_phone_spellings() -> tuple[ColumnElement[str], ...]:
    """The same in each of its `spellings`, as the database writes them."""
    bare = _bare_phone()
    return (
        bare,
        func.regexp_replace(bare, r"^\+549(\d{10})$", r"+54\1"),
        func.regexp_replace(bare, r"^\+54(\d{10})$", r"+549\1"),
    )
