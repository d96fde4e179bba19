"""The owner of a phone: the member it was added for, or whose name it has. It rings only while they are on duty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import SCHEME
from service.accounts.members import team_of
from service.accounts.models import Member, User
from service.calls.changing import forget_phones
from service.lines.inventory import lines_of
from service.lines.models import Line, Phone
from service.names import folded_name


def find_owners(session: Session, workspace_id: int) -> None:
    """Set the owner of each phone that has none in the team, after names or members have changed. Idempotent."""
    session.flush()
    team = team_of(session, workspace_id)
    members, owners = {member.user_id for member in team}, _by_name(team)
    for phone in session.scalars(_phones(workspace_id)):
        if phone.user_id not in members:
            phone.user_id = owners.get(folded_name(phone.name))


def phones_of(session: Session, member: Member) -> list[str]:
    """The numbers of a member's phones but for their browser, in E.164 with their extensions (RFC 3966)."""
    mine = _phones(member.workspace_id).where(Phone.user_id == member.user_id, ~Phone.number.startswith(SCHEME))
    return list(dict.fromkeys(phone.number for phone in session.scalars(mine)))


def forget_gone_phones(session: Session, workspace_id: int) -> None:
    """Remove phones that are gone, such as those of a member who left, from every call plan of a workspace."""
    for line in lines_of(session, workspace_id):
        forget_phones(session, line)


def _by_name(members: Iterable[Member]) -> Mapping[str, int]:
    """User ids by the names of members; a name that two members share is left out."""
    called = defaultdict(set)
    for member in members:
        for name in _names(member.user):
            called[name].add(member.user_id)
    return {name: next(iter(users)) for name, users in called.items() if name and len(users) == 1}


def _names(user: User) -> set[str]:
    """The full name and the first name; without a name, the part of the address before the @."""
    name = folded_name(user.name or user.email.partition("@")[0])
    return {name, name.partition(" ")[0]}


def _phones(workspace_id: int) -> Select[Phone]:
    return (
        select(Phone).join(Line, Line.id == Phone.line_id).where(Line.workspace_id == workspace_id).order_by(Phone.id)
    )
