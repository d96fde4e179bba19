"""The workspace that a key is for, and its lines."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from service.accounts.access import lines_for
from service.api.operations import Area, Caller
from service.api.paging import page_of
from service.api.values import Answer
from service.lines.models import Line

area = Area("workspace", __name__, description="Whose the key is, and the lines it sees.")


class WorkspaceAnswer(Answer):
    """A workspace, and what this key is."""

    id = fields.Integer()
    name = fields.String()
    zone = fields.String(metadata={"description": "Its time zone, as IANA names it."})
    language = fields.String()
    key_name = fields.String()
    scopes = fields.List(fields.String())
    role = fields.String(metadata={"description": "Of the member who made the key: the key has their rights."})


class LineAnswer(Answer):
    """A shared phone line."""

    id = fields.Integer()
    name = fields.String()
    country = fields.String()
    language = fields.String()


@area.operation("GET", "/workspace", WorkspaceAnswer)
def show(caller: Caller) -> dict[str, Any]:
    """Get the workspace of the key."""
    workspace, key = caller.member.workspace, caller.key
    whose = {"key_name": key.name, "scopes": key.scopes, "role": caller.member.role}
    return {name: getattr(workspace, name) for name in ("id", "name", "zone", "language")} | whose


@area.operation("GET", "/lines", page_of(LineAnswer, "LinePage"))
def lines(caller: Caller) -> dict[str, Sequence[Line] | None]:
    """List the lines that the key sees, all on one page."""
    return {"data": lines_for(caller.session, caller.member), "next_cursor": None}
