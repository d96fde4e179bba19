"""What a member does to a number, from its page or by a program, and its log entry."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.access import line_for
from service.accounts.change_log import Action, differences, note
from service.accounts.models import Member
from service.cutover.arranging import end, keep, move
from service.lines.models import PhoneNumber
from service.web.shell.words import spelled


def change_number(session: Session, member: Member, number: PhoneNumber, name: str, line_id: int | None) -> None:
    """Name a number, and move it to another line unless `line_id` is None. Raises `NotFound`, and what `move` does."""
    before = {"name": number.name, "line": number.line.name}
    line = line_for(session, member, line_id) if line_id else number.line
    if line.id != number.line_id:
        move(session, number, line)
    number.name = name
    _note(session, member, number, Action.NUMBER_CHANGED, differences(before, {"name": name, "line": line.name}))


def give_up(session: Session, member: Member, number: PhoneNumber) -> None:
    """Have a number released after a week, until when it answers and can be kept. Raises what `end` does."""
    end(session, number)
    _note(session, member, number, Action.NUMBER_ENDED)


def keep_number(session: Session, member: Member, number: PhoneNumber) -> None:
    """Keep a number that was to be released. Raises what `keep` does."""
    keep(session, number)
    _note(session, member, number, Action.NUMBER_KEPT)


def _note(
    session: Session, member: Member, number: PhoneNumber, action: Action, details: Mapping[str, Any] | None = None
) -> None:
    here = {"workspace_id": number.line.workspace_id, "user_id": member.user_id}
    note(session, **here, action=action, subject=spelled(number.number), details=details)
