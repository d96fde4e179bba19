"""Becoming a customer: sign up with an e-mail address, which the first code confirms (`signin.py`)."""

from typing import NotRequired, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.code_mail import mail_new_code
from service.accounts.members import find
from service.accounts.models import Member, Membership, User, Workspace
from service.language import Language
from service.services import Services


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

    For an address that is known already this only sends a new code: who signs up twice signs in. Who has left every
    team they were in, or never took up an invitation, begins anew.
    """
    user = find(session, newcomer["email"]) or _newcomer(session, newcomer)
    if not user.memberships:
        session.add(Member(workspace=_workspace(newcomer), user=user, role=Membership.OWNER))
    mail_new_code(session, services, user)
    return user


def _newcomer(session: Session, newcomer: Newcomer) -> User:
    user = User(
        email=newcomer["email"].lower(),
        name=newcomer["name"],
        language=newcomer["language"],
        fs_uniquifier=uuid4().hex,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # somebody with this address has signed up in the same moment: they are the one
        known = find(session, newcomer["email"])
        if known is None:
            raise
        return known
    return user


def _workspace(newcomer: Newcomer) -> Workspace:
    return Workspace(
        name=newcomer["business"],
        language=newcomer["language"],
        zone=newcomer["zone"],
        area=newcomer["area"],
        bringing=newcomer.get("bringing", ""),
    )
