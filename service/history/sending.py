"""What members do: send a file with earlier conversations, see how far it is, and undo it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.access import line_for, seen_by
from service.accounts.models import IN_CHARGE, Member
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.history.models import UNDER_WAY, HistoryImport, ImportState
from service.history.reading import read_history
from service.history.undoing import undo_history
from service.lines.models import Line
from service.time import now

LISTED: Final = 20


def must_be_free(session: Session, member: Member, line_id: int) -> Line:
    """The line, if the member sees it and no other file of the workspace is being read.

    Raises `NotFound`, or `Invalid` on the field `file`.
    """
    line = line_for(session, member, line_id)
    busy = HistoryImport.workspace_id == member.workspace_id, HistoryImport.state.in_(UNDER_WAY)
    if session.scalar(select(HistoryImport.id).where(*busy).limit(1)):
        raise Invalid({"file": ["We’re still reading another file of yours. Wait until it’s done."]})
    return line


def send(session: Session, member: Member, line_id: int, file_name: str, media: str) -> HistoryImport:
    """Have a stored file read for a line. Raises as `must_be_free` does."""
    line = must_be_free(session, member, line_id)
    sent = HistoryImport(
        workspace_id=line.workspace_id, line_id=line.id, user_id=member.user_id, file_name=file_name[-100:], media=media
    )
    session.add(sent)
    session.flush()
    read_history.defer(session, import_id=sent.id)
    return sent


def sent_files(session: Session, member: Member) -> Sequence[HistoryImport]:
    """The imports for lines that a member sees, the latest first."""
    mine = select(HistoryImport).join(HistoryImport.line).where(Line.workspace_id == member.workspace_id)
    return session.scalars(mine.where(seen_by(member)).order_by(HistoryImport.id.desc()).limit(LISTED)).all()


def undo(session: Session, member: Member, import_id: int) -> None:
    """Have all that an import made taken out again.

    Raises:
        NotFound: there is none, or the member does not see its line.
        Forbidden: somebody else sent the file, and the member is no owner or admin.
        Conflict: it is still being read, or is undone already.
    """
    sent = session.get(HistoryImport, import_id, with_for_update=True)
    if sent is None or sent.workspace_id != member.workspace_id:
        raise NotFound("This import doesn’t exist, or you don’t have access to it.")
    line_for(session, member, sent.line_id)
    if sent.user_id != member.user_id and member.role not in IN_CHARGE:
        raise Forbidden("Only who sent the file, an owner, or an admin can undo this.")
    if sent.state not in {ImportState.DONE, ImportState.FAILED}:
        raise Conflict("This is being read, or was undone already.")
    sent.state, sent.ended_at = ImportState.UNDOING, now()
    undo_history.defer(session, import_id=sent.id)
