"""Buying a number that the customer has chosen, for a line there is or a new one."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.ledger.ledger import owe
from service.ledger.models import EntryKind
from service.lines.inventory import (
    BOUGHT,
    give_temporary,
    lock_purchases,
    must_be_in_use,
    must_be_within_caps,
    numbers_of,
)
from service.lines.models import Line, NumberRole, NumberSearch, PhoneNumber, Standing
from service.services import Services
from service.spending.permission import must_be_open
from service.time import now

LATELY: Final = timedelta(days=30)

TURNOVER: Final = 2
"""Within `LATELY` a workspace may buy so many times what it may hold: the carrier charges a month for each number."""

_OURS: Final = (Standing.WANTED, Standing.HELD)


def choose(
    session: Session, services: Services, search: NumberSearch, number: str, line: Line | None, name: str
) -> PhoneNumber | None:
    """Buy a number (E.164) that a search found, for a line, or for a new one called `name`.

    Idempotent: None if the workspace holds or buys the number already.

    Raises:
        Conflict: the search did not find it, another customer has it, the line is removed, or the workspace has as
            many as it may or is paused.
        TooMany: a purchase cap of this installation is reached.
    """
    lock_purchases(session)  # so that a form that is sent twice buys once
    taken = session.scalar(select(PhoneNumber).where(PhoneNumber.number == number, PhoneNumber.standing.in_(_OURS)))
    if taken and taken.line.workspace_id == search.workspace_id:
        return None
    if taken or number not in [found for found, _ in search.found or []]:
        raise Conflict("This number was just taken. Choose another one.")
    must_be_open(session, search.workspace_id)
    must_be_within_caps(session, services.settings, search.workspace_id)
    must_have_room(session, services, search.workspace_id)
    if line:
        must_be_in_use(session, line)
    return _buy(session, search, number, line or _new_line(session, search, name))


def try_again(session: Session, services: Services, line: Line) -> None:
    """Owe a line that has no number a temporary one, in the area wished before. Idempotent.

    Raises:
        Conflict: the line is removed, or the workspace has as many numbers as it may or is paused.
        TooMany: a purchase cap of this installation is reached.
    """
    lock_purchases(session)  # so that a form that is sent twice buys once
    if numbers_of(session, line.id):
        return
    must_be_in_use(session, line)
    must_be_open(session, line.workspace_id)
    must_have_room(session, services, line.workspace_id)
    areas = [number.area for number in line.numbers if number.standing is Standing.FAILED]
    give_temporary(session, services, line, next(reversed(areas), ""))


def must_have_room(session: Session, services: Services, workspace_id: int) -> None:
    """Raise `Conflict` if a workspace has bought as many numbers as it may, or buys and releases them by turns."""
    if bought_by(session, workspace_id) >= services.settings.numbers_per_workspace:
        raise Conflict("You’ve reached the limit for numbers. Release one first.")
    if _bought_lately(session, workspace_id) >= TURNOVER * services.settings.numbers_per_workspace:
        raise Conflict("Your business has released a lot of numbers lately. Email us if you need another one.")


def bought_by(session: Session, workspace_id: int) -> int:
    """How many bought numbers a workspace holds or is about to hold."""
    theirs = (Line.workspace_id == workspace_id, PhoneNumber.standing.in_(_OURS), PhoneNumber.role.in_(BOUGHT))
    return session.execute(select(func.count(PhoneNumber.id)).join(PhoneNumber.line).where(*theirs)).scalar_one()


def _bought_lately(session: Session, workspace_id: int) -> int:
    """How many numbers a workspace has bought in the last `LATELY`, those given back included."""
    bought = PhoneNumber.standing != Standing.FAILED, PhoneNumber.role.in_(BOUGHT)
    lately = Line.workspace_id == workspace_id, PhoneNumber.made_at > now() - LATELY
    return session.execute(
        select(func.count(PhoneNumber.id)).join(PhoneNumber.line).where(*bought, *lately)
    ).scalar_one()


def _new_line(session: Session, search: NumberSearch, name: str) -> Line:
    """A line as the workspace's first one: its callers hear the same language."""
    first = session.scalars(select(Line).where(Line.workspace_id == search.workspace_id).order_by(Line.id)).first()
    language = {"language": first.language} if first else {}
    line = Line(workspace_id=search.workspace_id, name=name, country=search.country, **language)
    session.add(line)
    return line


def _buy(session: Session, search: NumberSearch, number: str, line: Line) -> PhoneNumber:
    row = PhoneNumber(
        line=line,
        number=number,
        role=NumberRole.ADDITIONAL,
        carrier=search.carrier,
        passed_over=search.passed_over,
    )
    session.add(row)
    session.flush()
    owe(session, EntryKind.BUY_NUMBER, row.id)
    return row
