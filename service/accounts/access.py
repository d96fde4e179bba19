"""Which lines a person sees: owners and admins see all of their workspace, members only those granted to them."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, exists, false, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import IN_CHARGE, Grant, Member
from service.errors import NotFound
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.phone_numbers import digits_sought
from service.time import now

RECENT: Final = timedelta(days=1)
"""How long a number is listed that was chosen and could not be bought."""


def lines_for(session: Session, member: Member) -> list[Line]:
    """The lines a member sees, oldest first, without removed ones."""
    return list(session.scalars(select(Line).where(seen_by(member), Line.removed_at.is_(None)).order_by(Line.id)))


def lines_read_by(session: Session, member: Member) -> list[Line]:
    """The lines whose conversations a member may read, oldest first: also removed ones."""
    return list(session.scalars(select(Line).where(seen_by(member)).order_by(Line.id)))


def lines_by_member(session: Session, members: Sequence[Member]) -> dict[int, list[Line]]:
    """The lines that each of these members sees, oldest first, without removed ones, by the member's id."""
    here = Line.workspace_id.in_({one.workspace_id for one in members}) & Line.removed_at.is_(None)
    lines = list(session.scalars(select(Line).where(here).order_by(Line.id)))
    granted = select(Grant.member_id, Grant.line_id).where(Grant.member_id.in_([one.id for one in members]))
    seen = {(member_id, line_id) for member_id, line_id in session.execute(granted)}
    return {one.id: [line for line in lines if one.role in IN_CHARGE or (one.id, line.id) in seen] for one in members}


def line_for(session: Session, member: Member, line_id: int) -> Line:
    """One line that the member sees. Raises `NotFound`, also for a line of the workspace not granted to them."""
    line = session.scalar(select(Line).where(seen_by(member), Line.id == line_id))
    if line is None:
        raise NotFound("There is no such line.")
    return line


def usual_line(lines: Sequence[Line], member: Member) -> Line | None:
    """Of the lines that a member sees, the one they call and text new contacts from; None if they see none."""
    return next((line for line in lines if line.id == member.usual_line_id), next(iter(lines), None))


def numbers_for(session: Session, member: Member, offset: int, most: int) -> list[tuple[Line, PhoneNumber | None]]:
    """Some of the numbers that a member sees, line by line; a line without numbers stands alone, unless it is removed.

    Besides those we hold and buy there are those that have left, and the chosen ones that could not be bought within
    `RECENT`.
    """
    chosen, recent = PhoneNumber.role == NumberRole.ADDITIONAL, PhoneNumber.made_at > now() - RECENT
    missed = (PhoneNumber.standing == Standing.FAILED) & chosen & recent
    shown = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD, Standing.LEFT]) | missed
    rows = select(Line, PhoneNumber).outerjoin(PhoneNumber, (PhoneNumber.line_id == Line.id) & shown)
    left_last = PhoneNumber.standing == Standing.LEFT
    retiring_last = Line.id, left_last, PhoneNumber.role == NumberRole.RETIRING, PhoneNumber.id
    listed = Line.removed_at.is_(None) | PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    ordered = rows.where(seen_by(member), listed).order_by(*retiring_last).offset(offset).limit(most)
    return [(line, number) for line, number in session.execute(ordered)]


def number_for(session: Session, member: Member, number_id: int) -> PhoneNumber:
    """A number that we hold or buy, on a line that the member sees. Raises `NotFound`."""
    ours = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD]), PhoneNumber.id == number_id
    number = session.scalar(select(PhoneNumber).join(PhoneNumber.line).where(*ours, seen_by(member)))
    if number is None:
        raise NotFound("There is no such number.")
    return number


def numbers_from(session: Session, member: Member, after: int, most: int) -> list[PhoneNumber]:
    """Numbers that we hold or buy on lines that a member sees, by id; `after` is the id where a page ended."""
    ours = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD]), PhoneNumber.id > after
    numbers = select(PhoneNumber).join(PhoneNumber.line).where(*ours, seen_by(member))
    return list(session.scalars(numbers.order_by(PhoneNumber.id).limit(most)))


def numbers_matching(session: Session, member: Member, wanted: str, most: int) -> list[PhoneNumber]:
    """Numbers held on lines that a member sees: by their digits in any spelling, by their name or by their line's."""
    digits = digits_sought(wanted)
    named = PhoneNumber.name.icontains(wanted, autoescape=True), Line.name.icontains(wanted, autoescape=True)
    matches = or_(*named, PhoneNumber.number.contains(digits) if digits else false())
    held = select(PhoneNumber).join(PhoneNumber.line).where(PhoneNumber.standing == Standing.HELD, seen_by(member))
    shown = held.where(matches).options(contains_eager(PhoneNumber.line))
    return list(session.scalars(shown.order_by(PhoneNumber.id).limit(most)))


def seen_by(member: Member) -> ColumnElement[bool]:
    """The condition on `Line` that a member sees it, also once it is removed."""
    here = Line.workspace_id == member.workspace_id
    if member.role in IN_CHARGE:
        return here
    return here & Line.id.in_(select(Grant.line_id).where(Grant.member_id == member.id))


def members_on(session: Session, line: Line) -> list[Member]:
    """All members who see a line, in the order they joined."""
    return list(session.scalars(_MEMBERS_ON, {"workspace_id": line.workspace_id, "line_id": line.id}))


_GRANTED = exists().where(Grant.member_id == Member.id, Grant.line_id == bindparam("line_id"))
_MEMBERS_ON = (
    select(Member)
    .where(Member.workspace_id == bindparam("workspace_id"), or_(Member.role.in_(IN_CHARGE), _GRANTED))
    .options(joinedload(Member.user))
    .order_by(Member.id)
)


def members_by_line(session: Session, lines: Collection[Line]) -> dict[int, list[Member]]:
    """The members who see each of these lines, in the order they joined, by the line's id."""
    here = Member.workspace_id.in_({line.workspace_id for line in lines})
    members = list(session.scalars(select(Member).where(here).options(joinedload(Member.user)).order_by(Member.id)))
    given = select(Grant.member_id, Grant.line_id).where(Grant.line_id.in_([line.id for line in lines]))
    granted = {(member_id, line_id) for member_id, line_id in session.execute(given)}
    return {line.id: [one for one in members if _sees(one, line, granted)] for line in lines}


def _sees(member: Member, line: Line, granted: Collection[tuple[int, int]]) -> bool:
    return member.workspace_id == line.workspace_id and (member.role in IN_CHARGE or (member.id, line.id) in granted)


def grant(session: Session, member: Member, line_ids: Collection[int]) -> None:
    """Grant a member exactly these lines. Ids of lines outside their workspace are ignored.

    Removed lines cannot be chosen: a member goes on reading those that they were granted before.
    """
    in_use = select(Line.id).where(Line.workspace_id == member.workspace_id, Line.removed_at.is_(None))
    session.execute(delete(Grant).where(Grant.member_id == member.id, Grant.line_id.in_(in_use)))
    chosen = session.scalars(in_use.where(Line.id.in_(line_ids)))
    session.add_all(Grant(member_id=member.id, line_id=line_id) for line_id in chosen)
    session.flush()
