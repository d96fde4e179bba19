"""Searching conversations by the words in them, by the contact's name, and by number in any spelling.

Messages, notes and calls are searched separately, the latest conversation first. If all words are common, the database
reads conversations in order until a page is full; if one is rare, it is made to use the index of words. The last word
may be incomplete. Names are found by the beginnings of their words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, any_, cast, exists, false, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.accounts.models import Member
from service.inbox.contacts import known_to
from service.inbox.listing import PAGE, Listing, found_among
from service.inbox.models import Call, Contact, Conversation, Message
from service.inbox.rare_words import holds_a_rare_word
from service.inbox.shared import Note
from service.lines.models import Line
from service.phone_numbers import digits_sought

_SPOKEN: Final = (Message, Note, Call)
_IN_THE_MAKING: Final = re.compile(r"[^\W\d_]{3,}$")
"""A last word that may be incomplete. Shorter ones, and numbers, are the beginning of too many words."""

_ENDS_OF_WORDS: Final = "'(?=[ )]|$)"
"""Ends of words in a `tsquery` as text: 'rye' <-> 'bread' & 'roll'."""

_PLAIN: Final[ColumnElement[Any]] = literal_column("'simple'::regconfig")


def search(session: Session, member: Member, lines: Sequence[Line], wanted: str) -> Listing:
    """The latest conversations on these lines in which one entry, or the contact, has all the words."""
    on_lines = Conversation.line_id.in_([line.id for line in lines])
    searches = [_named(wanted, lines), *(_said(session, kind, wanted) for kind in _SPOKEN)] if _sought(wanted) else []
    found: set[int] = set()
    for condition in searches:
        found.update(session.scalars(_latest(on_lines, condition)))
    return found_among(session, member, sorted(found))


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that has the words of a search: of a text, a note, or what was said in a call."""

    kind: type[Message | Note | Call]
    text: str


def quoted(session: Session, conversation_ids: Sequence[int], wanted: str) -> dict[int, Quote]:
    """The latest text with the words in each conversation, by its id, or else a note or what was said in a call.

    Conversations without any are left out.
    """
    if not _sought(wanted):
        return {}
    found: dict[int, Quote] = {}
    for kind, said in ((Message, Message.text), (Note, Note.text), (Call, Call.transcript)):
        for conversation_id, text in session.execute(_latest_with(kind, said, conversation_ids, wanted)):
            found.setdefault(conversation_id, Quote(kind, text))
    return found


def contacts(session: Session, member: Member, wanted: str, after: int = 0, most: int = PAGE) -> list[Contact]:
    """A page of a member's contacts by name, notes or number; "" finds all. `after` is the id where a page ended."""
    mine = [known_to(member), Contact.id > after]
    if _sought(wanted):
        mine.append(_contact(wanted))
    return list(session.scalars(select(Contact).where(*mine).order_by(Contact.id).limit(most)))


def calls_matching(workspace_id: int, wanted: str) -> ColumnElement[bool]:
    """The condition on `Call`, with its conversation joined: its transcript or its contact has all the words."""
    if not _sought(wanted):
        return false()
    contacts = select(Contact.id).where(Contact.workspace_id == workspace_id, _contact(wanted))
    return or_(Conversation.contact_id.in_(contacts), Call.words.op("@@")(_words(wanted)))


def _sought(wanted: str) -> bool:
    return re.search(r"\w", wanted) is not None


def _latest(on_lines: ColumnElement[bool], condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(Conversation.id)
        .where(on_lines, condition)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(PAGE + 1)
    )


def _latest_with(
    kind: type[Message | Note | Call], said: InstrumentedAttribute[str], conversation_ids: Sequence[int], wanted: str
) -> Select[int, str]:
    # the offset keeps the index of words out: it would be read anew for each conversation, with all that others wrote
    own = select(said.label("said"), kind.words, kind.at).where(kind.conversation_id == Conversation.id)
    entries = own.correlate(Conversation).offset(0).subquery()
    holding = select(entries.c.said).where(entries.c.words.op("@@")(_words(wanted)))
    latest = holding.order_by(entries.c.at.desc()).limit(1).lateral()
    return select(Conversation.id, latest.c.said).join(latest, true()).where(Conversation.id.in_(conversation_ids))


def _said(session: Session, kind: type[Message | Note | Call], wanted: str) -> ColumnElement[bool]:
    if holds_a_rare_word(session, kind.__tablename__, wanted):
        # the database builds an array first, for which only the index of words is of use
        holding = select(kind.conversation_id).where(kind.words.op("@@")(_words(wanted)))
        return Conversation.id == any_(func.array(holding.scalar_subquery()))
    # the offset keeps the index out: what all customers say is in it, and a word of theirs may be rare here
    entries = select(kind.words).where(kind.conversation_id == Conversation.id).correlate(Conversation).offset(0)
    return exists().where(entries.subquery().c.words.op("@@")(_words(wanted)))


def _named(wanted: str, lines: Sequence[Line]) -> ColumnElement[bool]:
    here = Contact.workspace_id.in_({line.workspace_id for line in lines})
    return Conversation.contact_id.in_(select(Contact.id).where(here, _contact(wanted)))


def _contact(wanted: str) -> ColumnElement[bool]:
    """By beginnings of words in name and notes, or by the end of the number, which is the same in every spelling."""
    by_words, digits = Contact.words.op("@@")(_begun(wanted)), digits_sought(wanted)
    if not digits:
        return by_words
    return or_(by_words, func.reverse(Contact.number).like(f"{digits[::-1]}%"))


def _words(wanted: str) -> ColumnElement[Any]:
    """Whole words, of which the last may be incomplete unless it is in quotes."""
    return _begun(wanted, "'$") if _IN_THE_MAKING.search(wanted) else _whole(wanted)


def _begun(wanted: str, ends: str = _ENDS_OF_WORDS) -> ColumnElement[Any]:
    """Words that may be incomplete: those that end with this pattern in the `tsquery`, by default all."""
    written = func.regexp_replace(cast(_whole(wanted), Text), ends, "':*", "g")
    return cast(func.nullif(written, ""), TSQUERY)


def _whole(wanted: str) -> ColumnElement[Any]:
    """Whole words. The minus of websearch syntax is ignored: an excluded word would match nearly everything."""
    return func.websearch_to_tsquery(_PLAIN, re.sub(r"(^|\s)-+", r"\1", wanted))
