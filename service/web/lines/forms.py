"""Forms of a line."""

from marshmallow import fields

from service.calls.nodes import Hidden
from service.web.shell.fields import CHOOSE, Typed, caller_list, clock, keys, named_telephones, telephone, text
from service.web.shell.form import FormSchema


class LineForm(FormSchema):
    """A line's name and its phones."""

    name = Typed(text, required="Give the line a name.")
    phones = Typed(named_telephones, longest=2000)


class TryForm(FormSchema):
    """A trial call: when (in the line's zone), from which number, which keys are pressed, whether it is answered."""

    when = Typed(clock)
    caller = Typed(telephone, longest=100)
    keys = Typed(keys, longest=10)
    hidden = fields.Boolean(load_default=False)
    answered = fields.Boolean(load_default=False)


class CallersForm(FormSchema):
    """Which callers are put through, and whether calls are recorded."""

    hidden = fields.Enum(Hidden, by_value=True, required=True, error_messages={"unknown": CHOOSE, "required": CHOOSE})
    blocked = Typed(caller_list, longest=10_000)
    recorded = fields.Boolean(load_default=False)
