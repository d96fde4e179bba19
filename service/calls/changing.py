"""Changing a call plan: it is checked first, and the plan before it is kept."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from service.calls.checking import NO_NUMBER, Available, Fault, faults, forwarded_to
from service.calls.document import Earlier, written
from service.calls.greetings import recorded_for
from service.calls.models import CallPlan
from service.calls.nodes import Node, Plan, RingPhones
from service.calls.queries import earlier_plan, plan_of
from service.errors import Conflict, Invalid
from service.lines.inventory import held_among, numbers_of
from service.lines.models import Line, Phone
from service.spending.destinations import HOME
from service.time import now


def keep(session: Session, line: Line, plan: Plan, *, node: str = "", countries: Collection[str] = HOME) -> None:
    """Store a plan, which the next call follows. The plan that it replaces can be put back.

    `node` is the node that the person has edited, "" for the plan itself. A new forwarding node may lack its number
    until it is edited, as its own page asks for it. Calls are forwarded to numbers in the line's own country and in
    `countries` (ISO 3166).

    Raises:
        Invalid: faults by field of that node; faults elsewhere stand under "".
    """
    found = faults_of(session, line, plan, countries)
    if found := [one for one in found if one.node == node or one.message != NO_NUMBER]:
        raise Invalid(_beside(found, node))
    replaced = plan_of(session, line.id)
    if plan != replaced:
        _write(session, line, plan, Earlier(replaced, now()))


def faults_of(session: Session, line: Line, plan: Plan, countries: Collection[str] = HOME) -> list[Fault]:
    """All faults of a plan for a line, for `countries` as `keep` has them."""
    available = available_to(session, line)
    whole = replace(
        available,
        numbers=[*available.numbers, *held_among(session, forwarded_to(plan))],
        countries={*available.countries, *countries},
    )
    return list(faults(plan, whole))


def put_back(session: Session, line: Line, countries: Collection[str] = HOME) -> None:
    """Swap the plan with the one before it; doing so again swaps them back.

    The list of blocked callers stays as it is.

    Raises:
        Conflict: the plan was never changed.
        Invalid: the earlier plan names something that is gone.
    """
    session.refresh(line, with_for_update=True)
    earlier = earlier_plan(session, line.id)
    if earlier is None:
        raise Conflict("There is no earlier plan to put back.")
    blocked = plan_of(session, line.id).blocked
    plan = replace(_without_gone_phones(session, line, earlier.plan), blocked=blocked)
    keep(session, line, plan, countries=countries)


def block(session: Session, line: Line, caller: str) -> bool:
    """Block a caller (E.164), who then hears that the line is busy. False if they are blocked already."""
    return _blocking(session, line, caller, blocked=True)


def unblock(session: Session, line: Line, caller: str) -> bool:
    """Unblock a caller (E.164). False if they are not blocked."""
    return _blocking(session, line, caller, blocked=False)


def _blocking(session: Session, line: Line, caller: str, *, blocked: bool) -> bool:
    session.refresh(line, with_for_update=True)  # locked, so that of two changes at once neither is lost
    plan = plan_of(session, line.id)
    if (caller in plan.blocked) is blocked:
        return False
    others = tuple(one for one in plan.blocked if one != caller)
    changed = replace(plan, blocked=(*others, caller) if blocked else others)
    _write(session, line, changed, earlier_plan(session, line.id))
    return True


def steps_that_ring(session: Session, line: Line, phone_id: int) -> tuple[str, ...]:
    """The names of the steps of a line's plan that ring this phone by name, not because they ring all."""
    nodes = plan_of(session, line.id).nodes.items()
    return tuple(name for name, node in nodes if isinstance(node, RingPhones) and phone_id in node.phones)


def add_to_steps(session: Session, line: Line, phone_id: int, names: Collection[str]) -> None:
    """Let these steps of a line's plan ring a phone too, as far as they are still there."""
    plan = plan_of(session, line.id)
    nodes: dict[str, Node] = {
        name: replace(node, phones=(*node.phones, phone_id)) if isinstance(node, RingPhones) and name in names else node
        for name, node in plan.nodes.items()
    }
    if nodes != plan.nodes:
        _write(session, line, replace(plan, nodes=nodes), earlier_plan(session, line.id))


def forget_phones(session: Session, line: Line) -> None:
    """Remove phones that are no longer on the line from its plan; a node that has none left rings all phones."""
    plan = plan_of(session, line.id)
    left = _without_gone_phones(session, line, plan)
    if left != plan:
        _write(session, line, left, earlier_plan(session, line.id))


def _without_gone_phones(session: Session, line: Line, plan: Plan) -> Plan:
    there = set(available_to(session, line).phones)
    nodes: dict[str, Node] = {
        name: replace(node, phones=tuple(one for one in node.phones if one in there))
        if isinstance(node, RingPhones)
        else node
        for name, node in plan.nodes.items()
    }
    return replace(plan, nodes=nodes)


def available_to(session: Session, line: Line) -> Available:
    """What the plan of a line may refer to."""
    session.flush()
    phones = session.execute(select(Phone.id, Phone.name, Phone.number).where(Phone.line_id == line.id)).all()
    numbers = [worn.number for worn in numbers_of(session, line.id)]
    recorded = [one.media for one in recorded_for(session, line.id)]
    named = sum(bool(name) and not is_browser(number) for _, name, number in phones)
    return Available(
        country=line.country,
        countries=[line.country],
        phones=[key for key, _, _ in phones],
        browsers=[key for key, _, number in phones if is_browser(number)],
        names=named,
        recordings=recorded,
        numbers=numbers,
    )


def _beside(found: list[Fault], node: str) -> dict[str, list[str]]:
    fields = defaultdict(list)
    for fault in found:
        fields[fault.field if fault.node == node else ""].append(fault.message)
    return {field: list(dict.fromkeys(messages)) for field, messages in fields.items()}


def _write(session: Session, line: Line, plan: Plan, earlier: Earlier | None) -> None:
    document = written(plan, earlier)
    kept = insert(CallPlan).values(line_id=line.id, document=document)
    session.execute(kept.on_conflict_do_update(index_elements=[CallPlan.line_id], set_={"document": document}))
