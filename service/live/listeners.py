"""Who listens: a person as signed in in one browser, and what they see, as the pages decide it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadData
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts import sign_ins
from service.accounts.members import memberships
from service.accounts.models import IN_CHARGE, Grant, Member, SignIn
from service.config import Settings
from service.db import Sessions
from service.live.changes import ACCESS, Change, Snapshot, snapshot_of
from service.web.shell.security import cookie_settings

_LONGEST: Final = int(sign_ins.LONGEST.total_seconds())


@dataclass(frozen=True, slots=True)
class Listener:
    """A person and the ids of the lines that they see in each workspace, None for all: true as of `seen`."""

    user_id: int
    sign_in_id: int
    lines: Mapping[int, frozenset[int] | None]
    seen: Snapshot

    def sees(self, change: Change) -> bool:
        """Whether a change concerns what the person sees."""
        if change.topic == ACCESS:
            return False
        if change.user_id:
            return change.user_id == self.user_id
        if change.workspace_id not in self.lines:
            return False
        seen = self.lines[change.workspace_id]
        return seen is None or change.line_id in seen

    def may_have_ended(self, change: Change) -> bool:
        """Whether a change says that the person may see something else now, or nothing."""
        return change.topic == ACCESS and change.user_id == self.user_id and change.id in {0, self.sign_in_id}


class Cookies:
    """Reads the cookie by which the pages know a browser."""

    def __init__(self, settings: Settings) -> None:
        app = Flask("service.live", static_folder=None, template_folder=None)
        app.config.update(cookie_settings(settings))
        self.name: str = app.config["SESSION_COOKIE_NAME"]
        self._signer = SecureCookieSessionInterface().get_signing_serializer(app)

    def read(self, cookie: str) -> Mapping[str, str]:
        """What the cookie holds; nothing if it is not ours."""
        try:
            known = self._signer.loads(cookie, max_age=_LONGEST) if self._signer else {}
        except BadData:
            return {}
        return {name: known[name] for name in ("sign_in", "_user_id") if isinstance(known.get(name), str)}


def listener_of(sessions: Sessions, known: Mapping[str, str]) -> Listener | None:
    """Who is signed in by what a cookie holds; None if that has ended."""
    with sessions() as session:
        sign_in = sign_ins.find(session, known.get("sign_in", ""), known.get("_user_id", ""))
        if sign_in is None:
            return None
        lines = {place.workspace_id: _lines(session, place) for place in _open_to(session, sign_in)}
        return Listener(sign_in.user_id, sign_in.id, lines, snapshot_of(sign_in.snapshot))


def _open_to(session: Session, sign_in: SignIn) -> list[Member]:
    """The memberships in workspaces that open to this sign-in: some demand a second step."""
    places = memberships(session, sign_in.user_id)
    return [place for place in places if sign_in.second_step or not place.workspace.second_step]


def _lines(session: Session, member: Member) -> frozenset[int] | None:
    if member.role in IN_CHARGE:
        return None
    return frozenset(session.scalars(select(Grant.line_id).where(Grant.member_id == member.id)))
