"""Workspaces, the people in them, and what Flask-Security needs to know of a person."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    false,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from service.accounts.support_models import SupportAccess
from service.brands import Platform, platform_value
from service.db import E164, Base, Key, Made, SealedText
from service.language import Language
from service.spending.models import Allowance, Closing

DESK = "porting_desk"
"""The role of our own staff: they see every port and work on those that are filed by hand."""


# https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT
_SNAPSHOT: Final = cast(func.pg_current_snapshot(), Text)


class Membership(StrEnum):
    """What a person may do in a workspace: owners and admins run it, members work on the lines granted to them."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


IN_CHARGE: Final = frozenset({Membership.OWNER, Membership.ADMIN})
"""The roles that may port numbers, change lines and the team, and see every line."""


class Workspace(Base):
    """One customer: a business with its people and lines. `zone` is an IANA name.

    `area` is the area code wanted for its first number, or empty. `bringing` is the number (E.164) that they said at
    sign-up they would bring along, or empty. If `second_step` is set, its pages open only to those who signed in with
    one. `paused_at` is when an operator paused it, None while it is not paused. `closes_at` is when its numbers are
    released because its owner closes it, None while nobody does; until `support_until` our staff may look into it.
    `waiting_since` is set until its first number may be bought; `network` is where it signed up from, "" after a while.
    `brand_name` and `brand_domain` are those of the platform that opened it (`service/brands.py`).
    """

    __tablename__ = "workspaces"

    id: Mapped[Key] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    zone: Mapped[str] = mapped_column(String(50), default="America/New_York")
    area: Mapped[str] = mapped_column(String(8), default="")
    bringing: Mapped[E164] = mapped_column(default="")
    second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_at: Mapped[Made]
    waiting_since: Mapped[datetime | None]
    network: Mapped[str] = mapped_column(String(50), default="", server_default="")
    paused_at: Mapped[datetime | None] = column_property(
        select(Allowance.paused_at)
        .where(Allowance.workspace_id == id)  # noqa: A003 -- the column above
        .correlate_except(Allowance)
        .scalar_subquery()
    )
    closes_at: Mapped[datetime | None] = column_property(
        select(Closing.closes_at)
        .where(Closing.workspace_id == id)  # noqa: A003 -- the column above
        .correlate_except(Closing)
        .scalar_subquery()
    )
    support_until: Mapped[datetime | None] = column_property(
        select(func.max(SupportAccess.ends_at))
        .where(SupportAccess.workspace_id == id)  # noqa: A003 -- the column above
        .correlate_except(SupportAccess)
        .scalar_subquery()
    )
    brand_name: Mapped[str | None] = column_property(platform_value(Platform.name, id))  # noqa: A003
    brand_domain: Mapped[str | None] = column_property(platform_value(Platform.domain, id))  # noqa: A003
    members: Mapped[list["Member"]] = relationship(back_populates="workspace")


_roles_of_users = Table(
    "roles_of_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A role of our own staff; the rights of customers depend on their membership."""

    __tablename__ = "roles"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Base, UserMixin):
    """A person who signs in with a code sent by mail. The field named `fs_…` is Flask-Security's.

    `enter_sends` is whether Enter sends what they write in the inbox, instead of beginning a line.

    `us_totp_secrets` and `code_tries` are the version before this one's, which reads them until it has ended; the next
    migration may drop them.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)
    code_tries: Mapped[int] = mapped_column(default=0)
    enter_sends: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_at: Mapped[Made]
    roles: Mapped[list[RoleMixin]] = relationship(Role, secondary=_roles_of_users, lazy="selectin")
    memberships: Mapped[list["Member"]] = relationship(back_populates="user")


class SignInCode(Base):
    """A code that was asked for in one browser, whose session cookie holds `asked_by`; it works nowhere else.

    So a stranger who asks for codes or tries some uses up their own, never those of the person. There is a row for an
    address that nobody has too, so that both are answered alike. `secret`, from which the code is made, is encrypted
    with the newest secret key; None if the mail server refused the address for good. `tries` counts wrong codes.
    """

    __tablename__ = "sign_in_codes"

    id: Mapped[Key]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[str] = mapped_column(String(64), index=True)
    secret: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    user: Mapped[User | None] = relationship()


class SignIn(Base):
    """A browser in which a person is signed in; without the row its cookie is worth nothing.

    `token` is the digest of what the cookie holds. `browser` names it in a few words. `seen_at` is when it last asked
    for a page, to ten minutes; `proven_at` when the person last entered a code. All in real time, not a rehearsal's.
    `second_step` says that a passkey, an authenticator app or a recovery code was asked for as well. `snapshot` is of
    the transactions that were seen as this row was read, PostgreSQL's own: later reads show at least those.
    """

    __tablename__ = "sign_ins"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(60), default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    snapshot: Mapped[str] = column_property(_SNAPSHOT)
    user: Mapped[User] = relationship()


class Passkey(Base):
    """A passkey or security key (WebAuthn) of a person, by the name they gave it.

    `used_at` is when it last signed them in, in real time: no challenge from before that is taken any more.
    """

    __tablename__ = "passkeys"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    user: Mapped[User] = relationship()


class AuthenticatorApp(Base):
    """An app that shows a person six digits, new ones every half minute, made from `secret` (base 32).

    It counts once it was `confirmed`. `last_step` is the half minute whose digits were taken last: neither those nor
    earlier ones are taken again.
    """

    __tablename__ = "authenticator_apps"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str] = mapped_column(SealedText)
    confirmed: Mapped[bool] = mapped_column(default=False)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code on paper, for a person whose phone is lost: its SHA-256 digest. It is deleted when it is used."""

    __tablename__ = "recovery_codes"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))


class Member(Base):
    """A person in a workspace. Conversations are assigned in turn to members who are `on_duty`.

    `seen_at` is when they last had a page open, to the minute: a member without an open page is notified. They call and
    text new contacts from the line `usual_line_id`, from their first one if there is none. `hides_checklist`: they have
    put the checklist of the first day away.
    """

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Membership] = mapped_column(default=Membership.MEMBER)
    on_duty: Mapped[bool] = mapped_column(default=True, server_default=true())
    seen_at: Mapped[datetime | None]
    usual_line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id", ondelete="SET NULL"))
    hides_checklist: Mapped[bool] = mapped_column(default=False, server_default=false())
    workspace: Mapped[Workspace] = relationship(back_populates="members")
    user: Mapped[User] = relationship(back_populates="memberships")


class Grant(Base):
    """Lets a member see a line; owners and admins see every line without it."""

    __tablename__ = "line_grants"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"), primary_key=True, index=True)


class Invitation(Base):
    """A person is invited into a workspace with a role and lines (ids).

    `nonce` is part of the link and new with each e-mail, so that only the latest link works; the link itself is signed
    and not stored.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open",
            "workspace_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    email: Mapped[str] = mapped_column(String(255))
    role: Mapped[Membership]
    line_ids: Mapped[list[int]] = mapped_column(JSONB, default=list)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    nonce: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[Made]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    workspace: Mapped[Workspace] = relationship()
    inviter: Mapped[User | None] = relationship()
