"""The form of each kind of node: its fields, what they show, and the plan that results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from marshmallow import Schema, fields, validate

from service.calls.nodes import (
    KEYS,
    MESSAGE,
    Announce,
    Directory,
    Forward,
    Goodbye,
    Greeting,
    Menu,
    Node,
    Plan,
    RingPhones,
    Voicemail,
)
from service.calls.queries import Answering
from service.web.lines.plan_words import KINDS
from service.web.shell.fields import Typed, paragraphs, telephone, text
from service.web.shell.form import FormSchema
from service.web.shell.words import spelled

NEW: Final = "new:"
"""Prefix of a target that does not exist yet: `new:menu` creates a menu."""

LONGEST_TITLE: Final = 60
LONGEST_GREETING: Final = 500
RING_SECONDS: Final = (5, 60)

_SECONDS: Final = "Write a whole number of seconds between 5 and 60."
_KEY: Final = "key-"
_PHONE: Final = "phone-"


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed plan. `made` are the names of nodes that the change created."""

    plan: Plan
    made: tuple[str, ...]


def node_form(node: Node, line: Answering) -> Schema:
    """The form of a node."""
    return FormSchema.from_dict({"title": Typed(text, longest=LONGEST_TITLE), **_FIELDS[type(node)](line)})()


def kept(node: Node) -> dict[str, Any]:
    """What the form of a node shows."""
    shown: dict[str, Any] = {"title": node.title}
    for name in ("then", "otherwise", "seconds", "number"):
        if hasattr(node, name):
            shown[name] = getattr(node, name)
    if isinstance(node, Announce | Menu | Voicemail | Goodbye):
        shown |= {"text": node.greeting.text, "recording": node.greeting.recording}
    match node:
        case RingPhones(phones=phones, in_turn=in_turn):
            shown |= {f"{_PHONE}{one}": True for one in phones} | {"in_turn": in_turn}
        case Menu(keys=keys):
            shown |= {f"{_KEY}{key}": target for key, target in keys.items()}
        case Forward(number=number):
            shown["number"] = spelled(number) if number else ""
    return shown


def changed(plan: Plan, name: str, form_data: Mapping[str, Any]) -> Changed:
    """The plan with a node as the form says. Targets that do not exist yet are created."""
    targets = _Targets(dict(plan.nodes))
    node = _read(plan.nodes[name], {field: targets.resolve(value) for field, value in form_data.items()})
    return Changed(replace(plan, nodes={**targets.nodes, name: node}), tuple(targets.made))


def begun(plan: Plan, opening: str, closed: str) -> Changed:
    """The plan with other first nodes, for open and closed hours."""
    targets = _Targets(dict(plan.nodes))
    first, else_first = targets.resolve(opening), targets.resolve(closed)
    return Changed(replace(plan, nodes=targets.nodes, opening=first, closed=else_first), tuple(targets.made))


class _Targets:
    """Targets of a node by name; resolving one that does not exist yet creates it."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self.nodes = nodes
        self.made: list[str] = []

    def resolve(self, chosen: Any) -> Any:  # noqa: ANN401 -- any field's value; only new targets are replaced
        if not isinstance(chosen, str) or not chosen.startswith(NEW):
            return chosen
        kind = chosen.removeprefix(NEW)
        if kind not in _FRESH:
            return ""
        name = self._name(kind)
        self.nodes[name] = _FRESH[kind](self._ending())
        self.made.append(name)
        return name

    def _name(self, kind: str) -> str:
        return next(name for number in range(1, len(self.nodes) + 2) if (name := f"{kind}-{number}") not in self.nodes)

    def _ending(self) -> str:
        """The voicemail that a new node leads to, created if there is none."""
        for name, node in self.nodes.items():
            if isinstance(node, Voicemail):
                return name
        self.nodes[MESSAGE] = Voicemail()
        return MESSAGE


_FRESH: Final[Mapping[str, Callable[[str], Node]]] = {
    "ring": RingPhones,
    "menu": lambda ending: Menu({"1": ending}, ending),
    "directory": Directory,
    "announce": Announce,
    "forward": lambda ending: Forward("", ending),
    "voicemail": lambda _: Voicemail(),
    "goodbye": lambda _: Goodbye(),
}


def _read(node: Node, form_data: Mapping[str, Any]) -> Node:
    named = {
        field: form_data[field] for field in ("title", "then", "otherwise", "seconds", "in_turn") if field in form_data
    }
    if "text" in form_data:
        named["greeting"] = Greeting(form_data["text"], form_data["recording"])
    match node:
        case RingPhones():
            ticked = [
                int(field.removeprefix(_PHONE)) for field, on in form_data.items() if field.startswith(_PHONE) and on
            ]
            return replace(node, phones=tuple(ticked), **named)
        case Menu():
            keys = {key: form_data[f"{_KEY}{key}"] for key in KEYS if form_data[f"{_KEY}{key}"]}
            return replace(node, keys=keys, **named)
        case Forward():
            return replace(node, number=form_data["number"], **named)
        case _:
            return replace(node, **named)


def _seconds() -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(*RING_SECONDS, error=_SECONDS),
        error_messages={"invalid": _SECONDS, "required": _SECONDS},
    )


def _said() -> dict[str, fields.Field[Any]]:
    return {"text": Typed(paragraphs, longest=LONGEST_GREETING), "recording": Typed(text)}


_FIELDS: Final[Mapping[type, Callable[[Answering], dict[str, fields.Field[Any]]]]] = {
    RingPhones: lambda line: {
        "seconds": _seconds(),
        "in_turn": fields.Boolean(load_default=False),
        "then": Typed(text),
        **{f"{_PHONE}{one.id}": fields.Boolean(load_default=False) for one in line.phones},
    },
    Menu: lambda _: {**_said(), **{f"{_KEY}{key}": Typed(text) for key in KEYS}, "otherwise": Typed(text)},
    Directory: lambda _: {"seconds": _seconds(), "otherwise": Typed(text)},
    Announce: lambda _: {**_said(), "then": Typed(text)},
    Forward: lambda _: {"number": Typed(telephone, longest=100), "seconds": _seconds(), "then": Typed(text)},
    Voicemail: lambda _: _said(),
    Goodbye: lambda _: _said(),
}


def kind(node: Node) -> str:
    """The word for a node's kind in addresses and forms."""
    return KINDS[type(node)][0]
