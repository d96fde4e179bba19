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
from service.spending import allowances


class Newcomer(TypedDict):
    """What a new customer enters.

    `business` becomes the workspace's name, `name` is the person's own or empty, `zone` an IANA name, `area` the area
    code wanted for the first number or empty, `bringing` a number (E.164) they want to bring along or empty. `network`
    is the one they sign up from, as long as numbers are shared out among networks. Who is `unproven` left a challenge
    unsolved: an operator has to approve them.
    """

    email: str
    business: str
    name: str
    language: Language
    zone: str
    area: str
    bringing: NotRequired[str]
    network: NotRequired[str]
    unproven: NotRequired[bool]


def sign_up(session: Session, services: Services, *, asked_by: str, **newcomer: Unpack[Newcomer]) -> User:
    """Store a new customer and mail them a code for their browser; no number is bought before they have entered it.

    For a person who is a member somewhere this only mails a new code: signing up twice is signing in. A person who
    has left every workspace, or never accepted an invitation, gets a new workspace.
    """
    user = find(session, newcomer["email"]) or write_down(session, newcomer)
    if not user.memberships:
        opened = open_workspace(session, services, user, newcomer)
        if newcomer.get("unproven"):
            allowances.pause(session, opened.workspace_id)
    session.flush()
    mail_new_code(session, services, user.id, asked_by)
    return user


def open_workspace(session: Session, services: Services, user: User, newcomer: Newcomer) -> Member:
    """Open a workspace that a person owns, and return their membership."""
    owner = Member(workspace=_workspace(newcomer), user=user, role=Membership.OWNER)
    session.add(owner)
    session.flush()
    allowances.begin(session, services.settings, owner.workspace_id)
    session.flush()
    return owner


def write_down(session: Session, newcomer: Newcomer) -> User:
    """Write down a person whom nobody with their address was before."""
    user = User(
        email=newcomer["email"].lower(),
        name=newcomer["name"],
        language=newcomer["language"],
        fs_uniquifier=uuid4().hex,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # the same address was signed up by another request at the same moment: use that account
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
        network=newcomer.get("network", ""),
    )
