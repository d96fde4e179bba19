"""Authenticator apps: their secret, and whether six digits are theirs (TOTP, https://www.rfc-editor.org/rfc/rfc6238)."""

from typing import Final

from passlib.totp import TOTP, TokenError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.accounts.models import AuthenticatorApp, User
from service.accounts.sign_in_change_mail import SignInChange, notify_of_change
from service.errors import Invalid

SLOW: Final = 30
"""Seconds by which the clock of a phone may be wrong: digits of three half minutes are right at any moment."""

_WRONG: Final = (
    "That code doesn’t match. Check that your phone’s clock is set automatically, then enter the code it shows now."
)


def begin(session: Session, user_id: int) -> None:
    """Give a person a secret for an app, which counts once it is confirmed; one they have counts until then."""
    if app_of(session, user_id):
        return
    session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id))
    session.add(AuthenticatorApp(user_id=user_id, secret=TOTP.new().base32_key))


def waiting_app(session: Session, user_id: int) -> AuthenticatorApp | None:
    """The app that a person is setting up."""
    here = AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed.is_(False)
    return session.scalar(select(AuthenticatorApp).where(*here).with_for_update())


def app_of(session: Session, user_id: int) -> AuthenticatorApp | None:
    """A person's app, confirmed and locked, so that of two who send the same digits one comes too late."""
    here = AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed
    return session.scalar(select(AuthenticatorApp).where(*here).with_for_update())


def address_of(app: AuthenticatorApp, user: User, brand: str) -> str:
    """The address that a phone's camera reads from the picture, with what the service is called."""
    return str(TOTP(app.secret).to_uri(label=user.email, issuer=brand))


def confirm(session: Session, user_id: int, digits: str) -> None:
    """Have the app that is being set up count. Raises `Invalid` if these are not its digits now."""
    app = waiting_app(session, user_id)
    if app is None or not matches(app, digits):
        raise Invalid({"digits": [_WRONG]})
    app.confirmed = True
    notify_of_change(session, user_id, SignInChange.APP_ADDED)


def matches(app: AuthenticatorApp, digits: str) -> bool:
    """Whether these are the app's digits now. They are taken once, and none from before them afterwards."""
    try:
        found = TOTP(app.secret).match(digits, window=SLOW, last_counter=app.last_step)
    except TokenError:
        return False
    app.last_step = found.counter
    return True
