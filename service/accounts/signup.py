"""Becoming a customer: sign up with an e-mail address, confirm it with the first code, have a number."""

from typing import NotRequired, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.effects import mail_new_code
from service.accounts.members import find
from service.accounts.models import Member, Membership, User, Workspace
from service.language import Language
from service.lines.inventory import lines_of, open_line
from service.services import Services
from service.time import now


class Newcomer(TypedDict):
    """What somebody tells of themselves.

    `business` becomes the workspace's name, `name` is their own or empty, `zone` an IANA name, `area` the area code
    that the first number should have or empty, `bringing` a number (E.164) they want to bring along or empty.
    """

    email: str
    business: str
    name: str
    language: Language
    zone: str
    area: str
    bringing: NotRequired[str]


def sign_up(session: Session, services: Services, **newcomer: Unpack[Newcomer]) -> User:
    """Note a new customer and send them a code; nothing is bought before they have entered it.

    For an address that is known already this only sends a new code: who signs up twice signs in.
    """
    user = find(session, newcomer["email"]) or _first_of_a_workspace(session, newcomer)
    mail_new_code(session, services, user)
    return user


def confirm(session: Session, services: Services, user: User) -> bool:
    """Note that the address is theirs; a workspace without a line gets its first, and that a number, at once.

    Returns whether it was the first time. Raises `TooMany` when no more numbers may be bought now.
    """
    if user.confirmed_at is not None:
        return False
    user.confirmed_at = now()
    for workspace in (member.workspace for member in user.memberships):
        if not lines_of(session, workspace.id):
            open_line(
                session,
                services,
                workspace_id=workspace.id,
                name=workspace.name,
                country="US",
                language=workspace.language,
                area=workspace.area,
            )
    return True


def _first_of_a_workspace(session: Session, newcomer: Newcomer) -> User:
    workspace = Workspace(
        name=newcomer["business"],
        language=newcomer["language"],
        zone=newcomer["zone"],
        area=newcomer["area"],
        bringing=newcomer.get("bringing", ""),
    )
    user = User(
        email=newcomer["email"].lower(),
        name=newcomer["name"],
        language=newcomer["language"],
        fs_uniquifier=uuid4().hex,
    )
    try:
        with session.begin_nested():
            session.add(Member(workspace=workspace, user=user, role=Membership.OWNER))
    except IntegrityError:  # somebody with this address has signed up in the same moment: they are the one
        known = find(session, newcomer["email"])
        if known is None:
            raise
        return known
    return user
