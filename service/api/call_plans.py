"""What happens when a line rings."""

from typing import Any

from marshmallow import fields

from service.accounts.access import line_for
from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.values import Answer
from service.calls.document import written
from service.calls.queries import plan_of

area = Area("call_plans", __name__, description="What happens when a line rings.")


class CallPlanAnswer(Answer):
    """Steps that lead to each other by their names. A call begins at `opening`, outside the `hours` at `closed`.

    A step has its `kind`, and what differs from the usual.
    """

    opening = fields.String()
    closed = fields.String()
    nodes = fields.Dict(metadata={"description": "The steps by their names."})
    hours = fields.Dict(allow_none=True, metadata={"description": "Null where it is always open."})
    hidden = fields.String(metadata={"description": "For callers without a number: `ring`, `voicemail`, `turn_away`."})
    blocked = fields.List(fields.String(), metadata={"description": "Callers who hear that the line is busy."})
    recorded = fields.Boolean()


@area.operation("GET", "/lines/<int:line_id>/call-plan", CallPlanAnswer, scope=Scope.CALLS_READ, tagged=True)
def show(caller: Caller, line_id: int) -> dict[str, Any]:
    """Get what happens when a line rings."""
    plan = plan_of(caller.session, line_for(caller.session, caller.member, line_id).id)
    plain = {name: getattr(plan, name) for name in ("opening", "closed", "hidden", "blocked", "recorded")}
    document = written(plan)
    return plain | {"nodes": document["nodes"], "hours": document.get("hours")}
