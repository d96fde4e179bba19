"""Platforms: workspaces whose programs open further ones, for customers of their own."""

from collections.abc import Sequence
from typing import Final, TypedDict, Unpack

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.members import find
from service.accounts.models import Member, Membership, Workspace
from service.accounts.newcomers import welcome
from service.accounts.signup import Newcomer, open_workspace, write_down
from service.brands import Platform, PlatformWorkspace
from service.brands import opened_by as opened_by_platform
from service.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from service.services import Services
from service.spending import allowances

NO_PLATFORM: Final = "This workspace isn’t a platform, which opens workspaces for others. Email us if it should be one."


class Terms(TypedDict, total=False):
    """What was agreed on with a platform, as `Platform` has it; what is left out stays as it is."""

    most_numbers: int | None
    most_texts: int | None
    domain: str | None


def appoint(session: Session, email: str, most: int, **terms: Unpack[Terms]) -> None:
    """Let the workspaces that a person owns open `most` further ones each.

    Raises:
        NotFound: they own none.
        Conflict: the domain is another platform's.
    """
    user = find(session, email)
    owned = [one.workspace_id for one in user.memberships if one.role is Membership.OWNER] if user else []
    if not owned:
        raise NotFound("Nobody with this address owns a workspace.")
    for workspace_id in owned:
        session.merge(Platform(workspace_id=workspace_id, most=most, **terms))
    _must_have_domain_alone(session)


def open_for_customer(
    session: Session, services: Services, platform_owner: Member, newcomer: Newcomer, a_day: int | None
) -> Member:
    """Open a workspace for a customer of a platform, who owns it, with a number as soon as one may be bought.

    They sign in with a code that is mailed to them. Their calls and texts may cost `a_day` at most, if it is less than
    what the settings allow.

    Raises:
        Forbidden: the member does not own the workspace, or it is no platform.
        TooMany: it has opened as many as was agreed.
        Invalid: a person with this address is known already.
    """
    _must_have_room(session, platform_owner)
    known = find(session, newcomer["email"])
    customer = known or write_down(session, newcomer)
    if known or customer.memberships:  # or another request was quicker
        raise Invalid({"email": ["A person with this address has an account already. Choose another address."]})
    owner = open_workspace(session, services, customer, newcomer)
    session.add(PlatformWorkspace(workspace_id=owner.workspace_id, platform_id=platform_owner.workspace_id))
    allowances.limit(session, owner.workspace_id, a_day)
    session.flush()
    welcome(session, services, owner.workspace)
    return owner


def opened_by(session: Session, platform_owner: Member, after: int, most: int) -> Sequence[Member]:
    """The owners of the workspaces that a platform opened, by workspace; `after` is the id where a page ended.

    Raises `Forbidden` as `open_for_customer` does.
    """
    _must_be_platform(session, platform_owner)
    return session.scalars(_owners(platform_owner).where(Workspace.id > after).order_by(Workspace.id).limit(most)).all()


def opened_for_customer(session: Session, platform_owner: Member, workspace_id: int) -> Member:
    """The owner of a workspace that a platform opened. Raises `NotFound`, and `Forbidden` as above."""
    _must_be_platform(session, platform_owner)
    found = session.scalar(_owners(platform_owner).where(Workspace.id == workspace_id))
    if found is None:
        raise NotFound("There is no such workspace.")
    return found


def platforms(session: Session) -> Sequence[Workspace]:
    """The workspaces that may open further ones, by name."""
    appointed = select(Workspace).join(Platform, Platform.workspace_id == Workspace.id)
    return session.scalars(appointed.order_by(Workspace.name, Workspace.id)).all()


def is_platform(session: Session, workspace_id: int) -> bool:
    """Whether a workspace may open further ones."""
    return session.get(Platform, workspace_id) is not None


def platform_owned(session: Session, platform_owner: Member) -> Platform:
    """The platform that a member owns. Raises `Forbidden` as `open_for_customer` does."""
    _must_be_platform(session, platform_owner)
    return session.get_one(Platform, platform_owner.workspace_id)


def opened_so_far(session: Session, platform: Platform) -> int:
    """How many workspaces a platform has opened."""
    return session.scalar(select(func.count()).select_from(opened_by_platform(platform.workspace_id).subquery())) or 0


def _must_have_domain_alone(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("Another platform has this domain.") from None


def _must_be_platform(session: Session, owner: Member) -> None:
    if owner.role is not Membership.OWNER or not is_platform(session, owner.workspace_id):
        raise Forbidden(NO_PLATFORM)


def _must_have_room(session: Session, owner: Member) -> None:
    """Lock the platform, so that requests of the same moment are counted one by one."""
    _must_be_platform(session, owner)
    platform = session.get_one(Platform, owner.workspace_id, with_for_update=True)
    if opened_so_far(session, platform) >= platform.most:
        raise TooMany("You’ve opened as many workspaces as we agreed on. Email us if you need more.")


def _owners(platform_owner: Member) -> Select[Member]:
    here = PlatformWorkspace.platform_id == platform_owner.workspace_id
    opened = (
        select(Member).join(Member.workspace).join(PlatformWorkspace, PlatformWorkspace.workspace_id == Workspace.id)
    )
    whole = opened.options(contains_eager(Member.workspace), joinedload(Member.user))
    return whole.where(here, Member.role == Membership.OWNER)
