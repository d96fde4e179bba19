"""Reading an archive in: a new workspace with all that the archive has, in one transaction.

Its people sign in with a code sent to their address. Its numbers stay where they are: their rows come as released
ones, and a line gets a number by `adopt-number` or from its pages. Nothing that was still to happen happens here.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.members import find
from service.archives.rows import as_here, read_row
from service.archives.tables import MEDIA, NOT_READ_IN, papers, parent, references, tables
from service.archives.writing import AT_ONCE, FORM, paper
from service.errors import Conflict
from service.porting.states import FINAL, State
from service.schema import needed
from service.services import Services

Row = dict[str, Any]

UNKNOWN: Final = "application/octet-stream"

NO_ARCHIVE: Final = "This file is no archive of a workspace, or it is not complete."


def read_in(services: Services, path: Path) -> int:
    """Make the workspace that an archive has; returns its id. Whatever goes wrong, nothing of it is there.

    Raises:
        Conflict: the file is no complete archive, is of a newer version, has transfers under way, or is here already.
        MediaAway: the storage of media does not answer.
    """
    try:
        with ZipFile(path) as archive:
            _check(archive)
            return _Reading(services, archive).done()
    except (BadZipFile, KeyError, ValueError, zlib.error) as error:
        raise Conflict(NO_ARCHIVE) from error


def _check(archive: ZipFile) -> None:
    about = json.loads(archive.read("about.json"))
    if about["form"] != FORM or about["tables"] > needed():
        raise Conflict("The archive was written by a newer version. Upgrade this installation first.")
    open_ports = {row["number"] for row in _lines(archive, "port_numbers") if row["state"] not in {*FINAL, State.DRAFT}}
    if open_ports:
        under_way = ", ".join(sorted(open_ports))
        raise Conflict(f"Transfers end where they were begun. In this archive these are under way: {under_way}.")


def _lines(archive: ZipFile, name: str) -> Iterator[Row]:
    with archive.open(f"tables/{name}.jsonl") as file:
        yield from (json.loads(line) for line in file)


class _Reading:
    """One archive being read in; `_ids` are those of its rows here, by table and their id there."""

    def __init__(self, services: Services, archive: ZipFile) -> None:
        self._services = services
        self._archive = archive
        self._ids: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._media: dict[str, str] = {}

    def done(self) -> int:
        """Store the media, then write the rows. Media whose rows were not written are deleted again."""
        try:
            for name in self._archive.namelist():
                if name.startswith("media/"):
                    self._store(PurePosixPath(name))
            with self._services.sessions.begin() as session:
                for table in tables():
                    if table.name not in NOT_READ_IN:
                        self._read(session, table)
        except BaseException as error:
            for stored in self._media.values():
                self._services.media.drop(stored)
            if isinstance(error, IntegrityError):
                raise Conflict("What this archive has is here already.") from error
            raise
        [workspace_id] = self._ids["workspaces"].values()
        return workspace_id

    def _store(self, path: PurePosixPath) -> None:
        content = self._archive.read(str(path))
        self._media[path.stem] = self._services.media.put(content, guess_type(path)[0] or UNKNOWN)

    def _read(self, session: Session, table: Table) -> None:
        if table.name == "users":
            self._people(session, table)
            return
        refers_to_itself = any(parent(column) is table for column in references(table))
        most = 1 if refers_to_itself or [*papers(table)] else AT_ONCE
        batch: list[Row] = []
        for row in _lines(self._archive, table.name):
            batch.append(row)
            if len(batch) == most:
                self._write(session, table, batch)
                batch = []
        self._write(session, table, batch)

    def _people(self, session: Session, table: Table) -> None:
        """Whoever has an account here is that person."""
        for row in _lines(self._archive, table.name):
            if known := find(session, row["email"]):
                self._ids["users"][row["id"]] = known.id
            else:
                self._write(session, table, [row])

    def _write(self, session: Session, table: Table, batch: list[Row]) -> None:
        pairs = [(row, made) for row in batch if (made := self._made(table, row))]
        if not pairs:
            return
        rows = [made for _, made in pairs]
        if "id" not in table.c:
            session.execute(insert(table), rows)
            return
        returning = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        new = session.scalars(returning, rows).all()
        self._ids[table.name] |= {row["id"]: one for (row, _), one in zip(pairs, new, strict=True)}

    def _made(self, table: Table, row: Row) -> Row | None:
        """A row as it is here; None for one that has no place here."""
        made = read_row(table, row)
        for column in references(table):
            if made[column.name] is not None:
                made[column.name] = self._ids[parent(column).name].get(made[column.name])
                if made[column.name] is None and not column.nullable:
                    return None
        for column_name in MEDIA.get(table.name, ()):
            made[column_name] = self._media.get(made[column_name], "")
        for document in papers(table):
            made[document.name] = self._paper(table, row)
        made.pop("id", None)
        return as_here(table, made, self._ids["phones"], self._media)

    def _paper(self, table: Table, row: Mapping[str, Any]) -> bytes | None:
        name = paper(table, row["id"], row.get("media_type"))
        return self._archive.read(name) if name in self._archive.NameToInfo else None
