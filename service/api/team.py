"""The members of the workspace."""

from typing import Any

from marshmallow import fields

from service.accounts.access import lines_by_member
from service.accounts.api_keys import Scope
from service.accounts.members import team_of
from service.api.operations import Area, Caller
from service.api.paging import page_of
from service.api.values import Answer

area = Area("team", __name__, description="The members of the workspace.")


class MemberAnswer(Answer):
    """A member. `on_duty` says whether their phones ring and new conversations are assigned to them."""

    id = fields.Integer()
    name = fields.String(attribute="user.name")
    email = fields.String(attribute="user.email")
    role = fields.String(metadata={"description": "`owner`, `admin` or `member`."})
    on_duty = fields.Boolean()
    line_ids = fields.List(fields.Integer(), metadata={"description": "The lines that they see."})


@area.operation("GET", "/members", page_of(MemberAnswer, "MemberPage"), scope=Scope.TEAM_READ)
def listing(caller: Caller) -> dict[str, Any]:
    """List the members in the order in which they joined, all on one page."""
    members = team_of(caller.session, caller.workspace_id)
    lines = lines_by_member(caller.session, members)
    plain = ("id", "user", "role", "on_duty")
    return {
        "data": [
            {name: getattr(one, name) for name in plain} | {"line_ids": [line.id for line in lines[one.id]]}
            for one in members
        ],
        "next_cursor": None,
    }
