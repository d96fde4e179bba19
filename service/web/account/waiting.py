"""What a browser keeps between two steps of signing in: the person, and the challenge that a passkey is to answer."""

from typing import Final

from flask import redirect, session, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.wrappers import Response

from service.accounts import passkeys
from service.accounts.models import User
from service.time import real_time
from service.web.shell.context import person

PATIENCE: Final = 600
"""Seconds after the code from the mail within which the second step is to be taken."""


def ask_for_second_step(user: User) -> Response:
    """Go to the page that asks for it; this browser is not signed in before."""
    session["second_step_of"] = [user.fs_uniquifier, real_time().timestamp()]
    return redirect(url_for("second_step.ask"))


def who_waits(database: Session) -> User | None:
    """The person who is to take their second step: after a code from the mail, or because the last time is long ago."""
    uniquifier, since = session.get("second_step_of", ("", 0))
    if since > real_time().timestamp() - PATIENCE:
        return database.scalar(select(User).where(User.fs_uniquifier == uniquifier, User.active))
    return database.get(User, person().id) if current_user.is_authenticated else None


def new_challenge() -> bytes:
    """A challenge for the passkey of who uses this browser."""
    challenge = passkeys.challenge()
    session["challenge"] = bytes_to_base64url(challenge)
    return challenge


def kept_challenge() -> bytes:
    """The challenge that this browser was given last; an older one is refused, and so is none."""
    return base64url_to_bytes(session.pop("challenge", ""))
