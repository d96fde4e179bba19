"""Notes that members write for each other in a conversation, and mentions in them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from unicodedata import normalize

from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import Member, User
from service.errors import Invalid
from service.inbox.models import Conversation
from service.inbox.shared import Mention, Note
from service.team_notices.models import TeamEvent
from service.team_notices.notify import notify_line

LONGEST_NOTE: Final = 4000
_NO_NAME: Final = re.compile(r"[^\w-]+")
_CALLED: Final = re.compile(r"(?<![\w@])@([\w.-]+)")


def write_note(session: Session, conversation: Conversation, text: str, author: User) -> tuple[Note, list[int]]:
    """Write a note and notify the members mentioned in it with an @. Returns the note and their user ids.

    Raises:
        Invalid: the note is empty or too long.
    """
    text = text.strip().replace("\0", "")
    if not text:
        raise Invalid({"note": ["Write something first."]})
    if len(text) > LONGEST_NOTE:
        raise Invalid({"note": ["This is too long for one note. Write it as two."]})
    note = Note(conversation=conversation, author_id=author.id, text=text)
    session.add(note)
    session.flush()
    conversation.touch()
    people = [member.user for member in members_on(session, conversation.line)]
    called = sorted(called_in(text, people) - {author.id})
    session.add_all(Mention(note_id=note.id, user_id=one, conversation_id=conversation.id) for one in called)
    if called:
        _notify(session, note, author, called)
    return note, called


def handles(members: Iterable[Member]) -> Mapping[str, int]:
    """The handle by which each member is mentioned, with their user id."""
    return handles_of(member.user for member in members)


def handles_of(people: Iterable[User]) -> Mapping[str, int]:
    """The handle by which each person is mentioned, with their id: the shortest that nobody else of them has."""
    possible = [(_possible_handles(user), user.id) for user in people]
    taken = Counter(handle for theirs, _ in possible for handle in set(theirs))
    return {next(handle for handle in theirs if taken[handle] == 1): user_id for theirs, user_id in possible}


def called_in(text: str, people: Iterable[User]) -> set[int]:
    """The ids of those of these people whom a text mentions with an @."""
    known = handles_of(people)
    words = (word.casefold().rstrip(".-") for word in _CALLED.findall(normalize("NFC", text)))
    return {known[word] for word in words if word in known}


def _notify(session: Session, note: Note, author: User, called: Sequence[int]) -> None:
    notify_line(
        session,
        note.conversation.line_id,
        TeamEvent.MENTION,
        conversation_id=note.conversation_id,
        reference=f"note:{note.id}",
        who=author.name or author.email,
        words=note.text,
        only=called,
    )


def _possible_handles(user: User) -> tuple[str, str, str]:
    """The first name, the full name with dots, and the same with the user's id."""
    name = normalize("NFC", user.name or user.email.partition("@")[0])
    names = _NO_NAME.sub(" ", name).casefold().split() or ["member"]
    whole = ".".join(names)
    return names[0], whole, f"{whole}.{user.id}"
