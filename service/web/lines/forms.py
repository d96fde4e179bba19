"""Forms of a line."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marshmallow import fields

from service.calls.document import written
from service.calls.nodes import Hidden, Plan
from service.web.shell.fields import CHOOSE, Typed, caller_list, clock, dialed, identity, keys, telephone, text
from service.web.shell.form import FormSchema
from service.web.shell.words import spelled


class LineForm(FormSchema):
    """A line's name."""

    name = Typed(text, required="Give the line a name.")


class PhoneForm(FormSchema):
    """A phone that rings: its number, what it is called, and the teammate (user id) it belongs to."""

    number = Typed(dialed, required="Enter the number of the phone.")
    name = Typed(text, longest=60)
    teammate = Typed(identity)


class TryForm(FormSchema):
    """A trial call: when (in the line's zone), from which number, which keys are pressed, whether it is answered."""

    when = Typed(clock)
    caller = Typed(telephone, longest=100)
    keys = Typed(keys, longest=10)
    hidden = fields.Boolean(load_default=False)
    answered = fields.Boolean(load_default=False)


_SWITCHES: Final = ("recorded", "announces_by_law", "spots_machines", "rings_busy")
"""What of a plan is on or off there."""


class CallersForm(FormSchema):
    """Which callers are put through, and how calls go. `shown` are the blocked ones it was given."""

    hidden = fields.Enum(Hidden, by_value=True, required=True, error_messages={"unknown": CHOOSE, "required": CHOOSE})
    blocked = Typed(caller_list, longest=10_000)
    shown = Typed(caller_list, longest=10_000)
    recorded = fields.Boolean(load_default=False)
    announces_by_law = fields.Boolean(load_default=False)
    spots_machines = fields.Boolean(load_default=False)
    rings_busy = fields.Boolean(load_default=False)

    merged = frozenset({"blocked", "shown"})


def callers_shown(plan: Plan) -> dict[str, Any]:
    """What the form of callers shows of a plan."""
    spellings = "\n".join(map(spelled, plan.blocked))
    numbers = "\n".join(plan.blocked)
    return {"hidden": plan.hidden, "blocked": spellings, "shown": numbers, **_switches(plan)}


def let_through(plan: Plan, form_data: Mapping[str, Any]) -> Plan:
    """The plan with what the form changed. What colleagues blocked or unblocked since it was shown stays so."""
    typed, shown = form_data["blocked"], form_data["shown"]
    kept = [caller for caller in plan.blocked if caller in typed or caller not in shown]
    added = [caller for caller in typed if caller not in (*plan.blocked, *shown)]
    switched = {name: form_data[name] for name in _switches(plan)}
    return replace(plan, hidden=form_data["hidden"], blocked=(*kept, *added), **switched)


def logged(plan: Plan) -> dict[str, Any]:
    """What the log keeps of a plan: who is let through, and the rest as a document."""
    rest = replace(
        plan,
        hidden=Hidden.RING,
        blocked=(),
        recorded=False,
        announces_by_law=False,
        spots_machines=False,
        rings_busy=False,
    )
    numbers = [spelled(number) for number in plan.blocked]
    return {"calls": written(rest), "hidden": plan.hidden, "blocked": numbers, **_switches(plan)}


def _switches(plan: Plan) -> dict[str, bool]:
    return {name: getattr(plan, name) for name in _SWITCHES}
