"""To which line each number of a project comes: one that there is, or a line of its own."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.accounts.models import Grant
from service.calls.document import written
from service.calls.models import CallPlan
from service.calls.nodes import Greeting, Node, RingPhones
from service.calls.queries import plan_of
from service.lines.models import Line, Phone
from service.porting.kinds import country_of
from service.porting.models import PortNumber, PortProject


def coming_to() -> ColumnElement[int]:
    """The id of the line to which a number comes, where `PortProject` is joined to `PortNumber`."""
    return func.coalesce(PortNumber.chosen_line_id, PortProject.line_id)


def choose_line(project: PortProject, numbers: Collection[PortNumber], line: Line | None) -> None:
    """Have numbers of a draft come to a line; None is a line of its own for each.

    The project's line follows when all of its numbers come to one line.
    """
    for number in numbers:
        number.chosen_line, number.opens_line = line, line is None
    chosen = {number.chosen_line for number in project.numbers}
    if line and chosen == {line}:
        project.line = line


def open_lines(session: Session, project: PortProject, numbers: Collection[PortNumber]) -> None:
    """Open the lines of numbers that come to a line of their own, each set up like the project's line."""
    alone = [number for number in numbers if number.opens_line]
    if not alone:
        return
    for number in alone:
        number.chosen_line, number.opens_line = _line_like(project.line, number.number), False
    session.flush()
    _set_up(session, project.line, [number.line for number in alone])
    if len(project.numbers) == len(alone) == 1:
        project.line = alone[0].line


def _line_like(line: Line, number: str) -> Line:
    """A line for a number (E.164), with the same phones as another line."""
    country = country_of(number) or line.country
    opened = Line(workspace_id=line.workspace_id, name=_national(number), country=country, language=line.language)
    opened.phones = [
        Phone(user_id=one.user_id, number=one.number, name=one.name, position=one.position) for one in line.phones
    ]
    return opened


def _set_up(session: Session, like: Line, lines: Collection[Line]) -> None:
    """Give new lines the call plan of another one, and show them to the members who see that one."""
    plan = plan_of(session, like.id)
    granted = list(session.scalars(select(Grant.member_id).where(Grant.line_id == like.id)))
    for line in lines:
        renamed = {old.id: new.id for old, new in zip(like.phones, line.phones, strict=True)}
        nodes = {name: _copied(node, renamed) for name, node in plan.nodes.items()}
        session.add(CallPlan(line=line, document=written(replace(plan, nodes=nodes))))
        session.add_all(Grant(member_id=member_id, line_id=line.id) for member_id in granted)


def _copied(node: Node, phones: dict[int, int]) -> Node:
    """A step with the new line's phones; recorded greetings belong to one line and are not copied."""
    changes: dict[str, Any] = {}
    if isinstance(node, RingPhones):
        changes["phones"] = tuple(phones[one] for one in node.phones if one in phones)
    greeting = getattr(node, "greeting", Greeting())
    if greeting.recording:
        changes["greeting"] = Greeting(greeting.text)
    return replace(node, **changes)


def _national(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)
