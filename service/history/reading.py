"""Reading a file with earlier conversations: a job, as a large one takes minutes."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.bounded import Busy, NotRead, TooMuch, read_apart
from service.errors import Sentence
from service.history.entries import Contents, contents
from service.history.files import BOUNDS, read_file
from service.history.models import UNREAD, HistoryImport, ImportState
from service.history.sides import Place, Placed, placed
from service.history.taking import Full, take
from service.lines.models import Line, PhoneNumber
from service.queue import task
from service.quotas import Quota
from service.services import Services
from service.time import now

AT_ONCE: Final = 200
"""Entries of one transaction, so few that nothing waits for it."""

NOT_UNDERSTOOD: Final = Sentence(
    "We can’t read this file. Send the .zip from Google Takeout, or a CSV whose first row names date, number, and text."
)
NOTHING_IN_IT: Final = Sentence("There are no texts or calls with phone numbers in this file.")
TOO_LARGE: Final = Sentence("This file is too large to read at once. Split it into smaller ones.")
TOO_MANY_CONTACTS: Final = Sentence("Your workspace has no room for more contacts. Email us if you need more.")


@task
def read_history(services: Services, *, import_id: int) -> None:
    """Read a file that a member has sent, and take what is in it. What was taken before is not taken again."""
    with services.sessions.begin() as session:
        work = session.get(HistoryImport, import_id, with_for_update=True)
        if work is None or work.state not in UNREAD:
            return
        work.state, media = ImportState.READING, work.media
    trouble = _read(services, import_id, media)
    with services.sessions.begin() as session:
        work = session.get_one(HistoryImport, import_id)
        work.state = ImportState.FAILED if trouble else ImportState.DONE
        work.trouble, work.ended_at = trouble, now()
    # after it: reading that ends in between is tried again, and needs the file
    services.media.drop(media)
    with services.sessions.begin() as session:
        session.get_one(HistoryImport, import_id).media = ""


def _read(services: Services, import_id: int, media: str) -> str:
    """Take what is in the file; the sentence that says why not all of it was, or ""."""
    try:
        found = read_apart(read_file, services.media.get(media), BOUNDS)
    except Busy:
        raise
    except TooMuch:
        return TOO_LARGE
    except NotRead:
        return NOT_UNDERSTOOD
    return _take(services, import_id, contents(found)) if found else NOT_UNDERSTOOD


def _take(services: Services, import_id: int, found: Contents) -> str:
    with services.sessions.begin() as session:
        work = session.get_one(HistoryImport, import_id)
        ready = list(placed(found.entries, _place(session, work)))
        work.entries, work.read = len(ready), 0
        work.left_out = found.left_out + len(found.entries) - len(ready)
    if not ready:
        return NOTHING_IN_IT
    try:
        _take_all(services, import_id, ready)
    except Full:
        return TOO_MANY_CONTACTS
    return ""


def _take_all(services: Services, import_id: int, ready: Iterable[Placed]) -> None:
    rows, most = iter(ready), services.settings.most(Quota.CONTACTS)
    while batch := list(islice(rows, AT_ONCE)):
        with services.sessions.begin() as session:
            take(session, session.get_one(HistoryImport, import_id), batch, most)


def _place(session: Session, work: HistoryImport) -> Place:
    ours = select(PhoneNumber.number).join(Line).where(Line.workspace_id == work.workspace_id)
    zone = session.scalars(select(Workspace.zone).where(Workspace.id == work.workspace_id)).one()
    return Place(work.line.country, zone, set(session.scalars(ours)))
