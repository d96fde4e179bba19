"""Keys with which a program works in a workspace: made by its owner, shown once, stored as digests."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from sqlalchemy import ForeignKey, String, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership, User
from service.db import Base, Key
from service.errors import Forbidden, Invalid, NotFound
from service.time import real_time

MOST: Final = 20
"""Keys that a workspace can have."""

ANSWERS_KEPT: Final = timedelta(hours=24)
"""How long an answer is kept for a request that is sent again with the same idempotency key."""

_MARK: Final = "pl_"
"""Keys begin with it, so that tools which look for leaked secrets find them."""

_NOTED_EVERY: Final = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key may do."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    CALLS_READ = "calls:read"
    CALLS_WRITE = "calls:write"
    NUMBERS_READ = "numbers:read"
    NUMBERS_WRITE = "numbers:write"
    TRANSFERS_READ = "transfers:read"
    TRANSFERS_WRITE = "transfers:write"
    TEAM_READ = "team:read"
    WEBHOOKS = "webhooks:write"
    WORKSPACES = "workspaces:write"


class ApiKey(Base):
    """A key of a program. It works in the name of the member who made it, with their rights, and ends when they leave.

    `digest` is the SHA-256 of the key, `ending` its last four characters, by which people tell keys apart. `used_at` is
    when it was last used, to the minute. Times are real, not a rehearsal's.
    """

    __tablename__ = "api_keys"

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship()


class ApiAnswer(Base):
    """What was answered to a request with an idempotency key, stored in the transaction of what the request did.

    `fingerprint` is the SHA-256 of the request's method, path and body. The body of an answer with a secret
    is not kept.
    """

    __tablename__ = "api_answers"

    api_key_id: Mapped[int] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = mapped_column(JSONB)
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(default=real_time, index=True)


def make_key(session: Session, owner: Member, name: str, scopes: Collection[Scope]) -> str:
    """Make a key and return it: it cannot be read again.

    Raises:
        Forbidden: the member is not the owner.
        Invalid: no scope was chosen, or the workspace has `MOST` keys.
    """
    _must_own(owner)
    if not scopes:
        raise Invalid({"scopes": ["Choose what the key may do."]})
    session.refresh(owner, with_for_update=True)  # forms that are sent at the same moment are counted one by one
    if len(keys_of(session, owner.workspace_id)) >= MOST:
        raise Invalid({"name": ["You’ve reached the limit of 20 API keys. Revoke one first."]})
    secret = _MARK + token_urlsafe(32)
    chosen = [scope.value for scope in Scope if scope in scopes]
    times = {"made_at": real_time()}
    session.add(ApiKey(member=owner, name=name, digest=_digest(secret), ending=secret[-4:], scopes=chosen, **times))
    _note(session, owner, Action.API_KEY_MADE, name)
    return secret


def revoke_key(session: Session, owner: Member, key_id: int) -> None:
    """Revoke a key of the workspace, which works no more from now on.

    Raises:
        Forbidden: the member is not the owner.
        NotFound: the workspace has no such key.
    """
    _must_own(owner)
    key = next((one for one in keys_of(session, owner.workspace_id) if one.id == key_id), None)
    if key is None:
        raise NotFound("This key was already revoked.")
    session.execute(delete(ApiKey).where(ApiKey.id == key.id))
    _note(session, owner, Action.API_KEY_REVOKED, key.name)


def keys_of(session: Session, workspace_id: int) -> Sequence[ApiKey]:
    """The keys of a workspace, the newest first."""
    here = select(ApiKey).join(ApiKey.member).where(Member.workspace_id == workspace_id)
    return session.scalars(here.options(contains_eager(ApiKey.member)).order_by(ApiKey.id.desc())).all()


def find_key(session: Session, secret: str) -> ApiKey | None:
    """The key that a program brought, with its member; None for an unknown or revoked one, or a closed account."""
    named = select(ApiKey).join(ApiKey.member).join(Member.user).where(ApiKey.digest == _digest(secret), User.active)
    member = contains_eager(ApiKey.member)
    return session.scalar(named.options(member.contains_eager(Member.user), member.joinedload(Member.workspace)))


def note_use(session: Session, key: ApiKey) -> None:
    """Note that a key was used now, at most once a minute."""
    if key.used_at is None or key.used_at < real_time() - _NOTED_EVERY:
        session.execute(update(ApiKey).where(ApiKey.id == key.id).values(used_at=real_time()))


def try_to_lock(session: Session, key: ApiKey, idempotency_key: str) -> bool:
    """Lock an idempotency key until the transaction ends; False if another request holds it."""
    lock = func.hashtextextended(f"api answer {key.id} {idempotency_key}", 0)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock))))


def answer_kept(session: Session, key: ApiKey, idempotency_key: str) -> ApiAnswer | None:
    """The answer to an earlier request with this idempotency key; None if there is none of the last day."""
    kept = session.get(ApiAnswer, (key.id, idempotency_key))
    if kept and kept.made_at < real_time() - ANSWERS_KEPT:
        session.delete(kept)
        session.flush()
        return None
    return kept


def forget_answers(session: Session) -> None:
    """Delete the answers that are older than `ANSWERS_KEPT`."""
    session.execute(delete(ApiAnswer).where(ApiAnswer.made_at < real_time() - ANSWERS_KEPT))


def _must_own(member: Member) -> None:
    if member.role is not Membership.OWNER:
        raise Forbidden("Only the owner can manage API keys.")


def _note(session: Session, owner: Member, action: Action, name: str) -> None:
    note(session, workspace_id=owner.workspace_id, user_id=owner.user_id, action=action, subject=name)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
