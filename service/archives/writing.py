"""Writing an archive: a ZIP file, made while it is read, of which no more than a page of rows is in memory.

    about.json              of which workspace, when, in which form
    tables/messages.jsonl   one row a line, by the names of `service/archives/tables.py`
    media/…                 pictures, voicemails, recordings, greetings
    papers/…                bills and letters of authorization

Tables are written from the last to the first, so that whatever a row refers to was there when that was written.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import RawIOBase
from mimetypes import guess_extension
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import ColumnElement, RowMapping, Table, select, tuple_

from service.accounts.models import Workspace
from service.archives.tables import MEDIA, columns, of_workspace, papers, tables, values
from service.errors import NotFound
from service.schema import needed
from service.services import Services
from service.time import now

FORM: Final = 1
"""The form of the archive; another one is not read in."""

AT_ONCE: Final = 500


class _Sink(RawIOBase):
    """What the ZIP file was given and nobody has taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 -- any buffer
        """Keep a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """All that is here, which is here no more."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def written(services: Services, workspace_id: int) -> Iterator[bytes]:
    """The archive of a workspace, piece by piece.

    Raises:
        NotFound: there is no such workspace.
        MediaAway: the storage of media does not answer; what was made until then cannot be read.
    """
    with services.sessions() as session:
        if session.get(Workspace, workspace_id) is None:
            raise NotFound("There is no such workspace.")
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        about = {"form": FORM, "tables": needed(), "written_at": now().isoformat()}
        archive.writestr("about.json", json.dumps(about))
        for table in reversed(tables()):
            for _ in _rows(services, archive, table, workspace_id):
                yield sink.taken()
            for _ in _files(services, archive, table, workspace_id):
                yield sink.taken()
    yield sink.taken()


def _rows(services: Services, archive: ZipFile, table: Table, workspace_id: int) -> Iterator[None]:
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for page in _pages(services, table, [*values(table, workspace_id)], workspace_id):
            lines = (json.dumps(dict(row), default=_in_json, ensure_ascii=False) for row in page)
            file.write("".join(f"{line}\n" for line in lines).encode())
            yield


def _pages(
    services: Services, table: Table, wanted: Sequence[ColumnElement[Any]], workspace_id: int, most: int = AT_ONCE
) -> Iterator[Sequence[RowMapping]]:
    """The rows of a table by their keys; each page is a transaction of its own, since a reader may be slow."""
    keys = list(table.primary_key.columns)
    query = select(*wanted).where(of_workspace(table, workspace_id)).order_by(*keys).limit(most)
    after = query
    while True:
        with services.sessions() as session:
            page = session.execute(after).mappings().all()
        if page:
            yield page
        if len(page) < most:
            return
        after = query.where(tuple_(*keys) > tuple(page[-1][key.name] for key in keys))


def _files(services: Services, archive: ZipFile, table: Table, workspace_id: int) -> Iterator[None]:
    for page in _pages(services, table, columns(table), workspace_id) if table.name in MEDIA else ():
        for path, name in _media(table, page):
            _add_media(services, archive, path, name)
            yield
    for column in papers(table):
        for page in _pages(services, table, [*columns(table), column], workspace_id, most=1):
            [row] = page
            if content := row[column.name]:
                archive.writestr(paper(table, row["id"], row.get("media_type")), content)
                yield


def _media(table: Table, page: Sequence[RowMapping]) -> Iterator[tuple[str, str]]:
    for row in page:
        for column, media_type in MEDIA[table.name].items():
            if name := row[column]:
                yield f"media/{name}{_ending(row.get(media_type, 'image/jpeg'))}", name


def _add_media(services: Services, archive: ZipFile, path: str, name: str) -> None:
    try:
        content = services.media.get(name)
    except NotFound:  # deleted after its time, or meanwhile
        return
    archive.writestr(path, content)


def paper(table: Table, row_id: int, media_type: str | None) -> str:
    """Where an archive has a document."""
    return f"papers/{table.name}-{row_id}{_ending(media_type or 'application/pdf')}"


def _ending(media_type: str) -> str:
    return guess_extension(media_type.partition(";")[0]) or ""


def _in_json(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
