"""Authentication: HTTP Basic with an account's sid and token, as on every host of Twilio."""

import hmac
import secrets

from flask import Blueprint, Response, g, request

from sandbox.current import the_world
from sandbox.records import Account
from sandbox.twilio.errors import error, not_found


def guard(blueprint: Blueprint) -> Blueprint:
    """Require credentials on every route of a blueprint, and add Twilio's headers to its answers."""
    blueprint.before_request(_authenticate)
    blueprint.after_request(_head)
    return blueprint


def _authenticate() -> Response | None:
    credentials = request.authorization
    account = (
        _signed_in(credentials.username or "", credentials.password or "")
        if credentials is not None and credentials.type == "basic"
        else None
    )
    if account is None:
        answer = error(401, 20003, "Authenticate")
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return answer
    g.account = _acted_on(account)
    return None


def _signed_in(name: str, password: str) -> Account | None:
    """The account of a sid with its token, or of an API key with its secret."""
    state = the_world().state
    key = state.keys.get(name)
    account = state.accounts.get(key.account_sid if key else name)
    secret = key.secret if key else account.token if account else ""
    return account if secret and hmac.compare_digest(password.encode(), secret.encode()) else None


def _acted_on(account: Account) -> Account:
    named = (request.view_args or {}).pop("account_sid", account.sid)
    found = the_world().state.accounts.get(named)
    if found is None or account.sid not in {found.sid, found.parent}:
        raise not_found()
    return found


def _head(answer: Response) -> Response:
    answer.headers["Twilio-Request-Id"] = f"RQ{secrets.token_hex(16)}"
    answer.headers["Twilio-Concurrent-Requests"] = "1"
    return answer
