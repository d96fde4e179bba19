"""The lock of a number against being ported away: locked unless its owner has opened it, which is for a time.

A request for a locked number is disputed at once. The rule for wireless carriers in the United States is 47 CFR 52.37,
of which the part on locks was put off without a known date; decision 0025 says why we lock by default.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership
from service.errors import Conflict, Forbidden
from service.lines.models import PhoneNumber, Standing
from service.time import now

OPEN_FOR: Final = timedelta(days=14)
"""How long a lock stays open: a port takes days, and is filed anew when something was rejected."""


def is_locked(number: PhoneNumber) -> bool:
    """Whether a number is locked now."""
    return number.unlocked_until is None or number.unlocked_until <= now()


def unlock(session: Session, owner: Member, number: PhoneNumber) -> None:
    """Open the lock of a number for `OPEN_FOR`.

    Raises:
        Forbidden: this is not the owner.
        Conflict: we do not hold the number, or it is being released.
    """
    must_be_owner(owner)
    session.refresh(number, with_for_update=True)
    if number.standing is not Standing.HELD or number.released_at:
        raise Conflict("This number can’t be changed that way.")
    number.unlocked_until = now() + OPEN_FOR
    _note(session, owner, number, Action.NUMBER_UNLOCKED)


def lock(session: Session, member: Member, number: PhoneNumber) -> None:
    """Lock a number again. Idempotent."""
    session.refresh(number, with_for_update=True)
    if not is_locked(number):
        number.unlocked_until = None
        _note(session, member, number, Action.NUMBER_LOCKED)


def must_be_owner(member: Member) -> None:
    """Raise `Forbidden` for anyone but the owner of a workspace."""
    if member.role is not Membership.OWNER:
        raise Forbidden("Only the owner can do that.")


def _note(session: Session, member: Member, number: PhoneNumber, action: Action) -> None:
    here, who = member.workspace_id, member.user_id
    note(session, workspace_id=here, user_id=who, action=action, subject=number.number)
