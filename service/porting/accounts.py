"""Several accounts at old operators in one transfer: a project for each, begun together and sent by itself.

Each has its own bill, account number, PIN, holder and letter, and its old operator answers for it alone. So an account
is a project, and a transfer is the projects that were begun with the same first one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.errors import Invalid, Sentence
from service.porting.asking import LONGEST_NAME, ask_operator
from service.porting.cases import list_again
from service.porting.details import revise
from service.porting.drafts import LARGEST_PROJECT, TOO_MANY_NUMBERS, add_numbers, open_project
from service.porting.kinds import country_of
from service.porting.list_columns import OldAccount
from service.porting.models import PortNumber, PortProject
from service.porting.queries import state_of
from service.porting.rollup import ProjectState

MOST_ACCOUNTS: Final = 50
"""How many accounts a transfer can have."""

TOO_MANY_ACCOUNTS: Final = "A transfer can have 50 accounts. Start another one for the rest."
_SENT: Final = "These numbers have already been sent: {numbers}."
_LAST: Final = "An account keeps at least one number. Delete its draft first, then enter its numbers here: {numbers}."


def accounts_of(session: Session, project: PortProject) -> list[PortProject]:
    """The projects of the transfer that a project belongs to, as they were begun; without drafts thrown away."""
    first = project.begun_with_id or project.id
    together = or_(PortProject.id == first, PortProject.begun_with_id == first)
    rows = select(PortProject).where(together).options(selectinload(PortProject.numbers)).order_by(PortProject.id)
    return [one for one in session.scalars(rows) if one.submitted_at or state_of(one) is ProjectState.DRAFT]


def drafts_beside(session: Session, project: PortProject) -> list[PortProject]:
    """The other accounts of the transfer that were not sent yet."""
    return [one for one in accounts_of(session, project) if one is not project and state_of(one) is ProjectState.DRAFT]


def answered_beside(session: Session, project: PortProject, step: str) -> PortProject | None:
    """The account of the transfer that was begun last and has answered a step, other than this one."""
    beside = [one for one in accounts_of(session, project) if one is not project and step in one.answered]
    return beside[-1] if beside else None


def open_accounts(
    session: Session,
    first: PortProject,
    accounts: Mapping[OldAccount, Sequence[str]],
    pins: Mapping[OldAccount, str],
    *,
    home: str = "",
) -> list[PortProject]:
    """Add the numbers (E.164) and the PIN of each account to a draft of its own, the first to one begun for it.

    `home` as in `add_numbers`.

    Raises:
        Invalid: there are more than `MOST_ACCOUNTS` or `LARGEST_PROJECT` numbers in all, or as `add_numbers` does.
    """
    if len(accounts) > MOST_ACCOUNTS:
        raise Invalid({"number": [TOO_MANY_ACCOUNTS]})
    if sum(map(len, accounts.values())) > LARGEST_PROJECT:
        raise Invalid({"number": [TOO_MANY_NUMBERS]})
    projects = [first, *(another_account(session, first) for _ in range(len(accounts) - 1))]
    for project, (account, numbers) in zip(projects, accounts.items(), strict=True):
        project.account_number = account.number or None
        project.operator = account.operator[:LONGEST_NAME] or None
        revise(session, project, {"pin": pins.get(account, "")})
        add_numbers(session, project, numbers, home=home)
    return projects


def another_account(session: Session, project: PortProject) -> PortProject:
    """Begin a draft for another account of the same transfer."""
    opened = open_project(
        session,
        line=project.line,
        language=project.language,
        contact_number=project.contact_number,
        contact_email=project.contact_email,
    )
    opened.begun_with_id = project.begun_with_id or project.id
    opened.country = project.country
    return opened


def place_numbers(
    session: Session, project: PortProject, numbers: Sequence[str], target: PortProject | None
) -> PortProject:
    """Put numbers (E.164) on an account of a draft's transfer, from other accounts of it or as new ones.

    `target` is a draft of the same transfer, None a new account. Returns it.

    Raises:
        Invalid: on the field `list`: some were sent already, are the last of their account, or are held by us; or there
            are too many of them or of the accounts.
    """
    accounts = _locked(session, accounts_of(session, project))
    moved = [one for account in accounts for one in account.numbers if one.number in numbers]
    _must_be_movable([one for one in accounts if one is not target], numbers)
    if target is None:
        if len(accounts) >= MOST_ACCOUNTS:
            raise Invalid({"list": [TOO_MANY_ACCOUNTS]})
        target = another_account(session, project)
    _move(session, [one for one in moved if one.project is not target], target)
    _add(session, target, [number for number in numbers if number not in {one.number for one in moved}])
    list_again(session, [one.id for one in {*accounts, target}])
    return target


def _locked(session: Session, accounts: list[PortProject]) -> list[PortProject]:
    """The accounts with their numbers as they are now, locked against being sent until the transaction ends."""
    numbers = select(PortNumber).where(PortNumber.project_id.in_([one.id for one in accounts])).order_by(PortNumber.id)
    session.scalars(numbers.with_for_update().execution_options(populate_existing=True)).all()
    return accounts


def _must_be_movable(accounts: Collection[PortProject], numbers: Collection[str]) -> None:
    """Raise `Invalid` for numbers that were sent, and where an account would be left without one."""
    for account in accounts:
        named = [one.number for one in account.numbers if one.number in numbers]
        why = _SENT if state_of(account) is not ProjectState.DRAFT else _LAST
        if named and (why is _SENT or len(named) == len(account.numbers)):
            raise Invalid({"list": [Sentence(why, numbers=", ".join(named))]})


def _move(session: Session, numbers: Sequence[PortNumber], target: PortProject) -> None:
    """Move numbers to another draft. Where its first number comes or goes, the operator is asked anew."""
    for number in numbers:
        left = number.project
        if left.numbers[0] is number:
            _ask_anew(session, left)
        number.project = target
    if numbers and target.operator is None:
        target.country = country_of(numbers[0].number) or target.country
        _ask_anew(session, target)


def _ask_anew(session: Session, project: PortProject) -> None:
    project.operator = None
    ask_operator.defer_once(session, project_id=project.id)


def _add(session: Session, target: PortProject, fresh: Sequence[str]) -> None:
    if len(target.numbers) + len(fresh) > LARGEST_PROJECT:
        raise Invalid({"list": [TOO_MANY_NUMBERS]})
    try:
        add_numbers(session, target, fresh)
    except Invalid as refusal:
        raise Invalid({"list": [one for messages in refusal.fields.values() for one in messages]}) from None
