"""The picture of a call plan: boxes for nodes, and below each its branches."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext

from service.calls.checking import reached
from service.calls.nodes import Plan, ways_on
from service.calls.queries import Answering
from service.web.lines.node_forms import kind
from service.web.lines.plan_words import branch_name, does, forwarding_words, opening, title


@dataclass(slots=True)
class Box:
    """A node. `again`: it is drawn above, so only its title is shown."""

    name: str
    kind: str
    title: str
    does: str = ""
    again: bool = False
    branches: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch, and when a call takes it."""

    when: str
    box: Box


def draw(line: Answering) -> list[Branch]:
    """The whole plan, from a ringing call on."""
    plan, drawn = line.plan, set[str]()
    if plan.hours is None:
        return [Branch(gettext("At any time"), _box(plan.opening, line, drawn))]
    return [
        Branch(gettext("Open"), _box(plan.opening, line, drawn)),
        Branch(gettext("Closed"), _box(plan.closed, line, drawn)),
    ]


def unused(line: Answering) -> list[Box]:
    """Nodes that no call reaches."""
    in_picture = reached(line.plan)
    return [_alone(name, line) for name in line.plan.nodes if name not in in_picture]


def read_out(answering: Answering) -> Iterator[str]:
    """The picture of the call plan, as sentences."""
    if answering.plan.forwarding:
        yield forwarding_words(answering.plan.forwarding)
    if answering.plan.hours:
        yield gettext("Open: %(hours)s", hours=opening(answering.plan.hours))
    for branch in draw(answering):
        yield from _each(branch)
    if answering.plan.tells_number:
        yield gettext("Callers of the temporary number hear your own number before your phones ring.")
    if answering.plan.spots_machines:
        yield gettext("Phones whose own voicemail answers are hung up on.")
    if answering.plan.rings_busy:
        yield gettext("Phones of people who are on a call ring, too.")
    yield recording_words(answering.plan)


def recording_words(plan: Plan) -> str:
    """Whether calls are recorded, and who is told."""
    if not plan.recorded:
        return gettext("Calls aren’t recorded.")
    if plan.announces_by_law:
        return gettext("Calls are recorded. The other person is told where the law asks for it.")
    return gettext("Calls are recorded, and everyone is told.")


def _each(branch: Branch) -> Iterator[str]:
    """A branch and all that follow it. A box drawn before is only named."""
    yield f"{branch.when}: {branch.box.title if branch.box.again else branch.box.does}"
    for further in branch.box.branches:
        yield from _each(further)


def _box(name: str, line: Answering, drawn: set[str]) -> Box:
    node = line.plan.nodes[name]
    if name in drawn:
        return Box(name, kind(node), title(node), again=True)
    drawn.add(name)
    box = _alone(name, line)
    box.branches = [Branch(branch_name(node, by), _box(target, line, drawn)) for by, target in ways_on(node)]
    return box


def _alone(name: str, line: Answering) -> Box:
    node = line.plan.nodes[name]
    return Box(name, kind(node), title(node), does(node, line))
