"""A call plan as programs get and send it: steps by their names, the opening hours, and the forwarding."""

import json
from collections.abc import Mapping
from dataclasses import MISSING
from dataclasses import fields as parts_of
from typing import Any, Final, get_args

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.api.values import Flag, e164
from service.calls.checking import Fault
from service.calls.document import read, written
from service.calls.nodes import KEYS, Hidden, Node, Plan, When
from service.db import LARGEST_ID
from service.errors import Invalid
from service.phone_numbers import HOME, is_callable, known_as
from service.web.lines.node_forms import LONGEST_GREETING, LONGEST_TITLE, RING_SECONDS

MOST_STEPS: Final = 100
MOST_BLOCKED: Final = 1000
_DAYS: Final = 7
_MINUTES: Final = 24 * 60

_KINDS: Final = {kind.__name__.lower(): {part.name: part for part in parts_of(kind)} for kind in get_args(Node)}
"""Each kind of step, with what it has."""

_WRITTEN: Final = ("nodes", "hours", "forwarding")

_AT: Final[Mapping[str, str]] = {"recording": "greeting/recording", "zone": "hours/zone", "holidays": "hours/holidays"}
"""Where a fault stands in what was sent, if not under the name of its field."""


class _Number(fields.String):
    """A number, in E.164."""

    def _deserialize(self, value: Any, *more: Any, **options: Any) -> str:  # noqa: ANN401 -- marshmallow's own
        try:
            return e164(super()._deserialize(value, *more, **options), "")
        except Invalid as refusal:
            raise ValidationError(refusal.fields[""]) from None


class _Caller(fields.String):
    """Who calls: a number in E.164, or a SIP address."""

    def _deserialize(self, value: Any, *more: Any, **options: Any) -> str:  # noqa: ANN401 -- marshmallow's own
        caller = known_as(super()._deserialize(value, *more, **options), HOME)
        if not is_callable(caller):
            raise ValidationError(["Write a number in E.164, or a SIP address."])
        return caller


def _name(about: str = "") -> fields.String:
    """The name of a step."""
    return fields.String(validate=validate.Regexp(r"^[a-z0-9_-]{1,40}\Z"), metadata={"description": about})


class Said(Schema):
    """What callers hear: a recording of the line, by its token, or else a text; the usual sentence without either."""

    text = fields.String(validate=validate.Length(max=LONGEST_GREETING))
    recording = fields.String(validate=validate.Length(max=100))


class Step(Schema):
    """A step of a `kind`: `ringphones`, `menu`, `directory`, `announce`, `forward`, `voicemail` or `goodbye`."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    title = fields.String(validate=validate.Length(max=LONGEST_TITLE))
    then = _name("The next step, if no phone answers, or once something was played.")
    otherwise = _name("Of a menu or directory: the next step if nothing is chosen.")
    keys = fields.Dict(
        fields.String(validate=validate.OneOf(KEYS)), _name(), metadata={"description": "Of a menu: step by key."}
    )
    phones = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, LARGEST_ID)),
        validate=validate.Length(max=100),
        metadata={"description": "Ids of the phones that ring; all of the line if left out."},
    )
    seconds = fields.Integer(
        strict=True, validate=validate.Range(*RING_SECONDS), metadata={"description": "How long phones ring."}
    )
    in_turn = Flag(metadata={"description": "One phone after the other, instead of all at once."})
    number = _Number(validate=validate.Length(2, 20), metadata={"description": "In E.164: where it is forwarded."})
    greeting = fields.Nested(Said)

    @validates_schema
    def _must_fit_its_kind(self, step: Mapping[str, Any], **_: Any) -> None:  # noqa: ANN401 -- marshmallow's own
        has = _KINDS.get(step.get("kind", ""), {})
        foreign = {name: [f"A {step['kind']} has no {name}."] for name in step if name != "kind" and name not in has}
        lacking = {name: ["This is needed."] for name, one in has.items() if _is_needed(one) and name not in step}
        if has and (foreign or lacking):
            raise ValidationError(foreign | lacking)


class OpenSpan(Schema):
    """Minutes since midnight; 1440 is the end of the day."""

    opens = fields.Integer(required=True, strict=True, validate=validate.Range(0, _MINUTES))
    closes = fields.Integer(required=True, strict=True, validate=validate.Range(0, _MINUTES))

    @validates_schema
    def _must_go_on(self, span: Mapping[str, int], **_: Any) -> None:  # noqa: ANN401 -- marshmallow's own
        if span["opens"] >= span["closes"]:
            raise ValidationError({"closes": ["It has to close later than it opens, on the same day."]})


class OpenHours(Schema):
    """When a line is open, in its time zone; closed on holidays of a place (`SE`, `US-CA`) and on other days."""

    zone = fields.String(required=True, validate=validate.Length(1, 64), metadata={"description": "As IANA names it."})
    week = fields.List(
        fields.List(fields.Nested(OpenSpan), validate=validate.Length(max=10)),
        required=True,
        validate=validate.Length(equal=_DAYS),
        metadata={"description": "Monday first."},
    )
    holidays = fields.String(validate=validate.Length(max=10))
    closed_on = fields.List(fields.Date(), validate=validate.Length(max=366))


class Forwarded(Schema):
    """Calls ring an outside number in place of the steps, while this is on."""

    number = _Number(required=True, validate=validate.Length(2, 20), metadata={"description": "In E.164."})
    when = fields.Enum(When, by_value=True)
    on = Flag()


class PlanChange(Schema):
    """What is left out stays. `nodes` takes the place of all steps."""

    nodes = fields.Dict(_name(), fields.Nested(Step), validate=validate.Length(1, MOST_STEPS))
    opening = _name("The first step.")
    closed = _name("The first step outside the hours.")
    hours = fields.Nested(OpenHours, allow_none=True, metadata={"description": "Null: always open."})
    forwarding = fields.Nested(Forwarded, allow_none=True)
    hidden = fields.Enum(Hidden, by_value=True, metadata={"description": "What happens to callers without a number."})
    blocked = fields.List(
        _Caller(validate=validate.Length(2, 100)),
        validate=validate.Length(max=MOST_BLOCKED),
        metadata={"description": "In E.164: callers who hear that the line is busy."},
    )
    recorded = Flag()
    announces_by_law = Flag(
        metadata={"description": "Of recorded calls, those outside the team hear so only where the law asks for it."}
    )
    tells_number = Flag()
    spots_machines = Flag(
        metadata={"description": "Of several phones that ring, one whose own voicemail picks up is hung up on."}
    )
    rings_busy = Flag(metadata={"description": "People who are on a call ring too, and not only when everyone is."})


def shown(plan: Plan) -> dict[str, Any]:
    """A plan as it is answered."""
    document = written(plan)
    plain = {name: getattr(plan, name) for name in PlanChange().fields if name not in _WRITTEN}
    return plain | {name: document.get(name) for name in _WRITTEN}


def with_change(plan: Plan, sent: Mapping[str, Any]) -> Plan:
    """The plan with what was sent in its place."""
    changed = {name: value for name, value in {**written(plan), **sent}.items() if value is not None}
    return read(json.dumps(changed, default=str))


def beside(faults: list[Fault]) -> dict[str, list[str]]:
    """The faults of a plan, each where it stands in what was sent."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(_place(fault), []).append(fault.message)
    return found


def _place(fault: Fault) -> str:
    field = f"keys/{fault.field.removeprefix('key-')}" if fault.field.startswith("key-") else fault.field
    within = _AT.get(field, field)
    return f"nodes/{fault.node}/{within}" if fault.node else within


def _is_needed(part: Any) -> bool:  # noqa: ANN401 -- a part of a data class
    return part.default is MISSING and part.default_factory is MISSING
