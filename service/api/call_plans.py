"""What happens when a line rings."""

from typing import Any

from marshmallow import fields

from service.accounts.access import line_for
from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.plan_steps import PlanChange, beside, shown, with_change
from service.api.rates import DRAFTS
from service.api.values import Answer
from service.calls.changing import faults_of
from service.calls.nodes import Plan
from service.calls.queries import plan_of
from service.errors import Invalid
from service.lines.models import Line
from service.web.lines.node_forms import Changed
from service.web.lines.plan_changes import change_plan, put_plan_back
from service.web.shell.context import services

area = Area("call_plans", __name__, description="What happens when a line rings.")


class CallPlanAnswer(Answer):
    """Steps that lead to each other by their names. A call begins at `opening`, outside the `hours` at `closed`.

    A step has its `kind`, and what differs from the usual.
    """

    opening = fields.String()
    closed = fields.String()
    nodes = fields.Dict(metadata={"description": "The steps by their names."})
    hours = fields.Dict(allow_none=True, metadata={"description": "Null where it is always open."})
    forwarding = fields.Dict(allow_none=True, metadata={"description": "The number that rings in place of the steps."})
    hidden = fields.String(metadata={"description": "For callers without a number: `ring`, `voicemail`, `turn_away`."})
    blocked = fields.List(fields.String(), metadata={"description": "Callers who hear that the line is busy."})
    recorded = fields.Boolean()
    announces_by_law = fields.Boolean()
    tells_number = fields.Boolean()
    spots_machines = fields.Boolean()
    rings_busy = fields.Boolean()


@area.operation("GET", "/lines/<int:line_id>/call-plan", CallPlanAnswer, scope=Scope.CALLS_READ, tagged=True)
def show(caller: Caller, line_id: int) -> dict[str, Any]:
    """Get what happens when a line rings."""
    return _shown(caller, line_for(caller.session, caller.member, line_id))


@area.operation(
    "PATCH",
    "/lines/<int:line_id>/call-plan",
    CallPlanAnswer,
    scope=Scope.CALLS_WRITE,
    body=PlanChange,
    limits=DRAFTS,
    tagged=True,
)
def change(caller: Caller, sent: dict[str, Any], line_id: int) -> dict[str, Any]:
    """Change what happens when a line rings. The next call follows it; the plan before can be put back."""
    line = _line(caller, line_id)

    def changed(plan: Plan) -> Changed:
        area.check_etag(shown(plan), CallPlanAnswer)
        wanted = with_change(plan, sent)
        if found := faults_of(caller.session, line, wanted, services().settings.countries):
            raise Invalid(beside(found))
        return Changed(wanted, ())

    change_plan(caller.session, caller.member, line, changed, countries=services().settings.countries)
    return _shown(caller, line)


@area.operation(
    "POST", "/lines/<int:line_id>/call-plan/put-back", CallPlanAnswer, scope=Scope.CALLS_WRITE, limits=DRAFTS
)
def back(caller: Caller, line_id: int) -> dict[str, Any]:
    """Put back the plan from before the last change; doing so again undoes it."""
    line = _line(caller, line_id)
    put_plan_back(caller.session, caller.member, line, services().settings.countries)
    return _shown(caller, line)


def _line(caller: Caller, line_id: int) -> Line:
    return line_for(caller.session, caller.in_charge(), line_id)


def _shown(caller: Caller, line: Line) -> dict[str, Any]:
    return shown(plan_of(caller.session, line.id))
