"""The second step of signing in: a passkey, the digits of an authenticator app, or a recovery code."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from service.accounts import authenticator_apps, recovery_codes, sign_ins
from service.accounts.change_log import Action, note
from service.accounts.members import find, memberships
from service.accounts.models import DESK, AuthenticatorApp, Member, Membership, Passkey, RecoveryCode, User
from service.accounts.passkeys import passkeys_of
from service.accounts.sign_in_change_mail import SignInChange, notify_of_change
from service.errors import Conflict, Forbidden, NotFound

_ONLY_THE_OWNER = "Only the owner can do that."


def is_set_up(session: Session, user_id: int) -> bool:
    """Whether a person has a passkey or an authenticator app; recovery codes alone are no second step."""
    return bool(session.scalar(select(exists().where(Passkey.user_id == user_id) | _has_app(user_id))))


@dataclass(frozen=True, slots=True)
class Ways:
    """What a person has set up, and how many recovery codes they have left."""

    passkeys: Sequence[Passkey]
    app: bool
    recovery_codes: int


def ways_of(session: Session, user_id: int) -> Ways:
    """How a person can take their second step."""
    app = bool(session.scalar(select(_has_app(user_id))))
    return Ways(passkeys_of(session, user_id), app, recovery_codes.left(session, user_id))


def is_right(session: Session, user_id: int, typed: str) -> bool:
    """Whether somebody typed the digits of a person's app, or one of their recovery codes."""
    digits, app = "".join(typed.split()), authenticator_apps.app_of(session, user_id)
    if app and digits.isdecimal():
        return authenticator_apps.matches(app, digits)
    used = recovery_codes.use(session, user_id, typed)
    if used:
        notify_of_change(session, user_id, SignInChange.RECOVERY_CODE_USED)
    return used


def codes_for_first(session: Session, user_id: int) -> list[str]:
    """Recovery codes for a person who has none; [] for one who has."""
    return [] if recovery_codes.left(session, user_id) else recovery_codes.make(session, user_id)


def new_codes(session: Session, user_id: int) -> list[str]:
    """New recovery codes for a person; earlier ones stop working."""
    notify_of_change(session, user_id, SignInChange.RECOVERY_CODES_MADE)
    return recovery_codes.make(session, user_id)


def remove_passkey(session: Session, user: User, passkey_id: int) -> None:
    """Remove a passkey of a person. Raises `NotFound`, and `Conflict` as `remove_app` does."""
    session.delete(passkey_for(session, user, passkey_id))
    notify_of_change(session, user.id, SignInChange.PASSKEY_REMOVED)
    _must_not_be_the_last(session, user)


def passkey_for(session: Session, user: User, passkey_id: int) -> Passkey:
    """A passkey of a person. Raises `NotFound`."""
    passkey = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id))
    if passkey is None:
        raise NotFound("There is no such passkey.")
    return passkey


def remove_app(session: Session, user: User) -> None:
    """Remove a person's app. Raises `Conflict` if it is their last way and a second step is demanded of them."""
    session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id))
    notify_of_change(session, user.id, SignInChange.APP_REMOVED)
    _must_not_be_the_last(session, user)


def demand(session: Session, owner: Member, *, demanded: bool) -> None:
    """Have everybody in a workspace sign in with a second step, or no longer.

    Raises:
        Forbidden: this is not the owner.
        Conflict: the owner has no second step, and would be the first to be kept out.
    """
    if owner.role is not Membership.OWNER:
        raise Forbidden(_ONLY_THE_OWNER)
    if demanded and not is_set_up(session, owner.user_id):
        raise Conflict("Set up a second step for yourself first.")
    owner.workspace.second_step = demanded
    action = Action.SECOND_STEP_DEMANDED if demanded else Action.SECOND_STEP_LEFT_FREE
    _note(session, owner, action, owner.workspace.name)


def let_start_anew(session: Session, owner: Member, other: Member) -> None:
    """Take the second step from a member who has lost it, and sign them out everywhere.

    Raises:
        Forbidden: this is not the owner.
        Conflict: the person belongs to other workspaces too, or to our staff: their owners have not asked for it.
    """
    if owner.role is not Membership.OWNER or other.id == owner.id:
        raise Forbidden(_ONLY_THE_OWNER)
    if not is_ours_alone(session, other):
        raise Conflict("They’re in other workspaces too, so only the people who run this service can do that.")
    forget(session, other.user)
    _note(session, owner, Action.SECOND_STEP_TAKEN_AWAY, other.user.name or other.user.email)


def is_ours_alone(session: Session, member: Member) -> bool:
    """Whether a person belongs to this workspace only, so that its owner may decide about how they sign in."""
    return len(memberships(session, member.user_id)) == 1 and not member.user.has_role(DESK)


def forget_by_address(session: Session, email: str) -> None:
    """Do the same for the person with an address, as the operator. Raises `NotFound`."""
    user = find(session, email)
    if user is None:
        raise NotFound("No one has this email address.")
    forget(session, user)


def forget(session: Session, user: User) -> None:
    """Forget a person's passkeys, app and recovery codes, and sign them out everywhere."""
    for kind in (Passkey, AuthenticatorApp, RecoveryCode):
        session.execute(delete(kind).where(kind.user_id == user.id))
    sign_ins.end_all(session, user.id)
    notify_of_change(session, user.id, SignInChange.TAKEN_AWAY)


def is_demanded(session: Session, user: User) -> bool:
    """Whether our staff or one of a person's workspaces demands a second step of them."""
    return user.has_role(DESK) or any(place.workspace.second_step for place in memberships(session, user.id))


def _has_app(user_id: int) -> ColumnElement[bool]:
    return exists().where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed)


def _must_not_be_the_last(session: Session, user: User) -> None:
    session.flush()
    if is_set_up(session, user.id):
        return
    if is_demanded(session, user):
        raise Conflict("You need a second step here. Add another one before you remove this one.")
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _note(session: Session, member: Member, action: Action, subject: str) -> None:
    note(session, workspace_id=member.workspace_id, user_id=member.user_id, action=action, subject=subject, details={})
