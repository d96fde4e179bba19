"""A person agrees to texts on the public page of a business: that is kept as proof, and confirmed by one text."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from service import optouts
from service.accounts.models import Workspace
from service.errors import Conflict
from service.inbox.automatic import Occasion, is_first_today
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation
from service.inbox.writing import write
from service.lines.models import Line
from service.optins import OptIn, Way
from service.phone_numbers import shortest_spelling
from service.time import today


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person agreed to: the `words` beside the box, `shown` on a page (its URL), asked for from a `network`."""

    number: str
    words: str
    shown: str
    network: str


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


def _confirm(session: Session, conversation: Conversation, confirmation: str) -> None:
    try:
        write(session, conversation, confirmation, None, automatic=True)
    except Conflict:  # the line has no number to text from yet: the agreement holds all the same
        return
