"""A person agrees to texts: on the page of a business, which is confirmed by one text, or as a member notes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import optouts
from service.accounts.models import Member, User, Workspace
from service.errors import Conflict, Invalid
from service.inbox.automatic import Occasion, is_first_today
from service.inbox.contacts import conversation_with
from service.inbox.models import Contact, Conversation
from service.inbox.writing import write
from service.lines.models import Line
from service.optins import OptIn, Way, opt_ins_of
from service.phone_numbers import shortest_spelling
from service.time import today


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person agreed to: the `words` beside the box, `shown` on a page (its URL), asked for from a `network`."""

    number: str
    words: str
    shown: str
    network: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What a member notes of an agreement on paper, by word or on another website: how, to which words, on what day."""

    way: Way
    words: str
    agreed_on: date


NOTABLE: Final = (Way.ON_PAPER, Way.ON_THE_PHONE, Way.OWN_WEBSITE)
"""The ways that a member can note; a conversation shows by itself who wrote first."""


def agree(session: Session, line: Line, agreement: Agreement, confirmation: str) -> None:
    """Keep an agreement to texts from the workspace of a line, and text its `confirmation`.

    A number that sent STOP is not texted: only START from that phone lifts it. Nor is one that was confirmed today.
    """
    workspace = session.get_one(Workspace, line.workspace_id)
    session.add(
        OptIn(
            workspace_id=workspace.id,
            number=shortest_spelling(agreement.number),
            way=Way.OUR_PAGE,
            words=agreement.words,
            shown=agreement.shown,
            network=agreement.network,
        )
    )
    conversation = conversation_with(session, line, agreement.number)
    if optouts.stopped(session, agreement.number, workspace.id):
        return
    if is_first_today(session, conversation.contact, Occasion.AGREED, today(ZoneInfo(workspace.zone))):
        _confirm(session, conversation, confirmation)


def note_agreement(session: Session, member: Member, contact: Contact, noted: Noted) -> None:
    """Keep that a contact agreed to texts, as a member notes it. It does not lift a STOP: only START does.

    Raises:
        Invalid: the day is still to come where the workspace is.
    """
    if noted.agreed_on > today(ZoneInfo(member.workspace.zone)):
        raise Invalid({"agreed_on": ["This day is still to come."]})
    session.add(
        OptIn(
            workspace_id=contact.workspace_id,
            number=shortest_spelling(contact.number),
            way=noted.way,
            words=noted.words,
            agreed_on=noted.agreed_on,
            noted_by=member.user_id,
        )
    )


def agreements_of(session: Session, contact: Contact, *, most: int) -> list[tuple[OptIn, User | None]]:
    """What a contact agreed to, the latest first, `most` of it, each with the member who noted it."""
    kept = opt_ins_of(session, contact.workspace_id, contact.number, most=most)
    return list(_with_members(session, kept))


def agreements_at(session: Session, workspace_id: int, *, after: int, most: int) -> list[tuple[OptIn, User | None]]:
    """What was agreed to at a workspace, the earliest first: `most` of it, `after` an id."""
    later = select(OptIn).where(OptIn.workspace_id == workspace_id, OptIn.id > after)
    return list(_with_members(session, session.scalars(later.order_by(OptIn.id).limit(most)).all()))


def _with_members(session: Session, kept: Sequence[OptIn]) -> Iterator[tuple[OptIn, User | None]]:
    noting = session.scalars(select(User).where(User.id.in_({one.noted_by for one in kept if one.noted_by}))).all()
    members = {user.id: user for user in noting}
    yield from ((one, members.get(one.noted_by or 0)) for one in kept)


def _confirm(session: Session, conversation: Conversation, confirmation: str) -> None:
    try:
        write(session, conversation, confirmation, None, automatic=True)
    except Conflict:  # the line has no number to text from yet: the agreement holds all the same
        return
