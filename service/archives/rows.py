"""A row of an archive as it is written down elsewhere."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Date, LargeBinary, Numeric, Table

from provisioning.contract.messaging import MessageStatus
from service.archives.tables import columns
from service.db import UtcTime
from service.lines.models import Standing
from service.time import now

Row = dict[str, Any]

_FROM_JSON: Final[Mapping[type, Callable[[str], object]]] = {
    UtcTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    Numeric: Decimal,
    LargeBinary: b64decode,
}


def read_row(table: Table, row: Mapping[str, Any]) -> Row:
    """The values of a row, those that an older version did not have left to the table. Raises `ValueError`."""
    given = (column for column in columns(table) if column.name in row)
    return {column.name: _read(column.type, row[column.name]) for column in given}


def _read(kind: object, value: Any) -> Any:  # noqa: ANN401 -- JSON
    from_json = _FROM_JSON.get(type(kind))
    return from_json(value) if from_json and value is not None else value


def as_here(table: Table, row: Row, phones: Mapping[int, int], media: Mapping[str, str]) -> Row | None:
    """A row without what holds only where it was written; None if nothing is left of it.

    `phones` and `media` are the ids and names here by those there, which a call plan names.
    """
    if table.name == "call_plans":
        row["document"] = _plan(row["document"], phones, media)
    if table.name == "phones" and not row["number"].startswith("+"):
        return None  # a browser is rung where it is signed in
    if table.name == "recorded_greetings" and not row["media"]:
        return None  # its file was deleted
    change = _HERE.get(table.name)
    return {**row, **change(row)} if change else row


def _number(row: Row) -> Row:
    held = row["standing"] == Standing.HELD
    return {"standing": Standing.RELEASED, "released_at": now()} if held or row["standing"] == Standing.WANTED else {}


def _message(row: Row) -> Row:
    """A scheduled text leaves where it was written, if at all."""
    return {"leaves_at": None, "status": MessageStatus.FAILED} if row["leaves_at"] else {}


_HERE: Final[Mapping[str, Callable[[Row], Row]]] = {
    "users": lambda _: {"fs_uniquifier": uuid4().hex, "active": True},
    "phone_numbers": _number,
    "messages": _message,
    "workspaces": lambda _: {"waiting_since": None},
    "businesses": lambda _: {"confirmed_at": None},
}


def _plan(document: Any, phones: Mapping[int, int], media: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    """A call plan that rings the same phones and plays the same greetings."""
    if isinstance(document, list):
        return [_plan(one, phones, media) for one in document]
    if not isinstance(document, dict):
        return document
    changed = {name: _plan(value, phones, media) for name, value in document.items()}
    if "phones" in changed:
        changed["phones"] = [phones[one] for one in changed["phones"] if one in phones]
    if "recording" in changed:
        changed["recording"] = media.get(changed["recording"], "")
    return changed
