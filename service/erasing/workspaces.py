"""Erasing a workspace, once none of its numbers is held and none is being transferred."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import Delete, Table, delete, exists, or_, select, text
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.archives.tables import KEPT, MEDIA, of_workspace, references, tables
from service.calls.recordings import drop_files
from service.erasing.holdings import numbers_held, transfers_under_way
from service.errors import Conflict, NotFound
from service.models import Base
from service.porting.kept_letters import keep_letters
from service.registration.models import Business, Registration

AT_ONCE: Final = 500
"""Files that one job deletes."""


def erase_workspace(
    session: Session, workspace_id: int, name: str, gone: Collection[str] = ()
) -> tuple[int, list[str]]:
    """Erase a workspace with its rows, its files, and the people who are in no other one.

    `gone` are its numbers (E.164) that have left to another operator, which our rows have not learned yet.
    Returns how many signed letters are kept, and what it has registered at carriers, by reference, which stays there.

    Raises:
        NotFound: no workspace has this id and this name.
        Conflict: it holds a number, or one is under way to it.
    """
    workspace_called(session, workspace_id, name)
    _must_have_no_number(session, workspace_id, gone)
    session.execute(text("SET LOCAL statement_timeout = 0"))
    letters, registered = keep_letters(session, workspace_id), _registered(session, workspace_id)
    for files in _files(session, workspace_id):
        drop_files.defer(session, names=files)
    people = list(session.scalars(select(_USERS.c.id).where(of_workspace(_USERS, workspace_id))))
    for table in reversed(Base.metadata.sorted_tables):
        if table is not _USERS and _belongs(table):
            session.execute(delete(table).where(of_workspace(table, workspace_id)))
    session.execute(_people_without_a_workspace(people))
    return letters, registered


def workspace_called(session: Session, workspace_id: int, name: str) -> Workspace:
    """The workspace with this id, locked, if it has this name, so that it is the right one. Raises `NotFound`."""
    workspace = session.get(Workspace, workspace_id, with_for_update=True)
    if workspace is None or workspace.name != name:
        raise NotFound("No workspace has this id and this name.")
    return workspace


def _must_have_no_number(session: Session, workspace_id: int, gone: Collection[str]) -> None:
    if numbers := sorted({held.number for held in numbers_held(session, workspace_id)} - set(gone)):
        listed = ", ".join(numbers)
        raise Conflict(f"It holds {listed}: give them back, or let them be transferred out, and tell its owner before.")
    if coming := sorted(port.number for port in transfers_under_way(session, workspace_id)):
        raise Conflict(f"Transfers are under way: {', '.join(coming)}. Let them end, or cancel them.")


def _registered(session: Session, workspace_id: int) -> list[str]:
    here = Business.workspace_id == workspace_id, Registration.reference != ""
    rows = select(Registration.reference).join(Business, Business.id == Registration.business_id).where(*here)
    return sorted(reference for reference in session.scalars(rows) if reference)


def _files(session: Session, workspace_id: int) -> Iterator[list[str]]:
    columns = [table.c[name] for table in tables() for name in MEDIA.get(table.name, ())]
    for column in [*columns, _IMPORTS.c.media]:
        named = select(column).where(of_workspace(column.table, workspace_id), column != "")
        for names in session.scalars(named).partitions(AT_ONCE):
            yield list(names)


_USERS: Final = Base.metadata.tables["users"]
_IMPORTS: Final = Base.metadata.tables["history_imports"]


def _belongs(table: Table) -> bool:
    """Whether rows of a table belong to a workspace, and do not go by themselves with what they belong to."""
    return table.name == "workspaces" or any(
        next(iter(column.foreign_keys)).column.table.name in KEPT - {"users"} for column in references(table)
    )


def _people_without_a_workspace(people: list[int]) -> Delete:
    """Of these people those whom nothing names any more: whoever wrote in another workspace stays its author."""
    naming = [column for table in Base.metadata.sorted_tables for column in _strictly(table)]
    named = or_(*(exists().where(column == _USERS.c.id) for column in naming))
    return delete(_USERS).where(_USERS.c.id.in_(people), ~named)


def _strictly(table: Table) -> Iterator[Any]:
    """The columns of a table that name a person, and without them would not be."""
    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table is _USERS and (key.ondelete is None or table.name == "roles_of_users"):
                yield column
