"""The browser in front of us: what it asked for, who is signed in there, and whose browser we know it to be."""

from secrets import token_urlsafe
from typing import Final, cast

from flask import g, redirect, request, session, url_for
from flask_security.utils import set_request_attr
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from service.accounts import sign_ins
from service.accounts.models import User
from service.accounts.user_agents import browser_in_words
from service.signing import signer
from service.web.shell.context import services
from service.web.shell.detours import wanted

_YEAR: Final = 365 * 24 * 3600


def asked_by() -> str:
    """What codes that are asked for here are bound to; it says nothing of the address."""
    if "asked_by" not in session:
        session["asked_by"] = token_urlsafe(24)
    return cast("str", session["asked_by"])


def let_in(user: User, *, new: bool = False, second_step: bool = False) -> Response:
    """Sign a person in here and go to the page they wanted; a new one sees their number first."""
    went = redirect(url_for("home.welcome") if new and "joining" not in session else wanted())
    kept = {name: session[name] for name in ("language", "workspace") if name in session}
    sign_out()
    session.clear()  # against session fixation: keep no other value from before
    session.update(kept)
    with services().sessions.begin() as database:
        browser = browser_in_words(request.user_agent.string)
        session.update(sign_ins.begin(database, user, browser, second_step=second_step))
    session.permanent = True
    _know_browser(went, user.email)
    return went


def sign_out() -> None:
    """Sign out here, also for who copied the cookie."""
    with services().sessions.begin() as database:
        sign_ins.end(database, session.pop("sign_in", ""))
    session.pop("_user_id", None)
    g.pop("_login_user", None)


def load_person(uniquifier: str) -> User | None:
    """The person signed in here, as Flask-Login asks; None if that has ended or the account was closed."""
    with services().sessions() as database:
        found = sign_ins.find(database, session.get("sign_in", ""), uniquifier)
        if found is None:
            return None
        if sign_ins.is_to_be_noted(found):
            sign_ins.note(database, found)
            database.commit()
    g.sign_in = found
    set_request_attr("fs_authn_via", "session")
    return found.user


def _know_browser(answer: Response, email: str) -> None:
    """Remember that this is a browser of theirs, so that strangers who ask for codes do not use up what it may ask."""
    value = _signer().dumps([email.lower(), token_urlsafe(9)])
    secure = services().settings.secure
    answer.set_cookie(_known(), value, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")


def known_as(email: str) -> str:
    """A name for this browser if the person with this address has signed in here before; "" otherwise."""
    try:
        address, name = _signer().loads(request.cookies.get(_known(), ""))
    except (BadSignature, ValueError):
        return ""
    return str(name) if address == email else ""


def _known() -> str:
    """The cookie of a browser in which somebody has signed in; it stays when they sign out."""
    return "__Host-known" if services().settings.secure else "known"


def _signer() -> URLSafeSerializer:
    return signer(services().settings.secret_keys, "known browser")
