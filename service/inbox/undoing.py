"""Undoing the last change to conversations, for those that have not been changed again since."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from service.inbox import handling
from service.inbox.models import Conversation, Handling
from service.inbox.tags import remove_tag
from service.time import now


class Changed(StrEnum):
    """What was changed."""

    HANDLING = "handling"
    ASSIGNEE = "assignee"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Undo:
    """What was changed, the value since then, and ids of conversations by the value that they had before."""

    changed: Changed
    value: str
    before: Mapping[str, Sequence[int]]

    @property
    def conversation_ids(self) -> list[int]:
        """The conversations that were changed."""
        return [one for ids in self.before.values() for one in ids]


def undoable(changed: Changed, conversations: Sequence[Conversation], change: Callable[[], None]) -> Undo:
    """Change the handling or the assignee of conversations, and note what undoes it."""
    before: dict[str, list[int]] = {}
    for conversation in conversations:
        before.setdefault(_VALUES[changed](conversation), []).append(conversation.id)
    change()
    return Undo(changed, _VALUES[changed](conversations[0]), before)


def tagged(tag_id: int, conversation_ids: Sequence[int]) -> Undo:
    """What takes a tag off those conversations that did not have it before."""
    return Undo(Changed.TAG, str(tag_id), {"": conversation_ids})


def take_back(session: Session, undo: Undo, conversations: Sequence[Conversation]) -> int:
    """Give those of these conversations that are still as the change made them what they had before; returns how many.

    Raises:
        Invalid: the former assignee does not see the line any more.
    """
    former = {one: value for value, ids in undo.before.items() for one in ids}
    still = [one for one in conversations if one.id in former and _is_still(one, undo)]
    for conversation in still:
        _PUTTING[undo.changed](session, conversation, former[conversation.id], undo)
    return len(still)


def _is_still(conversation: Conversation, undo: Undo) -> bool:
    return undo.changed is Changed.TAG or _VALUES[undo.changed](conversation) == undo.value


def _handling(conversation: Conversation) -> str:
    until = conversation.snoozed_until
    return f"{conversation.handling} {until.astimezone(UTC).isoformat()}" if until else str(conversation.handling)


def _assignee(conversation: Conversation) -> str:
    return str(conversation.assignee_id or "")


def _handle(_: Session, conversation: Conversation, value: str, __: Undo) -> None:
    """Handle it as before. A snooze that is over by now is not begun again: the conversation is open."""
    word, _space, until = value.partition(" ")
    if word == Handling.DONE:
        handling.finish(conversation)
    elif until and datetime.fromisoformat(until) > now():
        handling.snooze(conversation, datetime.fromisoformat(until))
    else:
        handling.reopen(conversation)


def _give(session: Session, conversation: Conversation, value: str, _: Undo) -> None:
    handling.assign(session, conversation, int(value) if value else None)


def _untag(session: Session, conversation: Conversation, _: str, undo: Undo) -> None:
    remove_tag(session, conversation, int(undo.value))


_VALUES: Final[Mapping[Changed, Callable[[Conversation], str]]] = {
    Changed.HANDLING: _handling,
    Changed.ASSIGNEE: _assignee,
}
_PUTTING: Final[Mapping[Changed, Callable[[Session, Conversation, str, Undo], None]]] = {
    Changed.HANDLING: _handle,
    Changed.ASSIGNEE: _give,
    Changed.TAG: _untag,
}
