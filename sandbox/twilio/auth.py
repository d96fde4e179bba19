"""Authentication: HTTP Basic with an account's sid and token, as on every host of Twilio."""

import hmac
import secrets

from flask import Blueprint, Response, current_app, g, request

from sandbox.records import Account
from sandbox.twilio.errors import error, not_found
from sandbox.world import World


def the_world() -> World:
    """The world of the current application."""
    world: World = current_app.extensions["sandbox"]
    return world


def asking() -> Account:
    """The account a request acts on: the authenticated one, or its subaccount if the path names one."""
    account: Account = g.account
    return account


def guard(blueprint: Blueprint) -> Blueprint:
    """Require credentials on every route of a blueprint, and add Twilio's headers to its answers."""
    blueprint.before_request(_authenticate)
    blueprint.after_request(_head)
    return blueprint


def _authenticate() -> Response | None:
    credentials = request.authorization
    accounts = the_world().state.accounts
    account = (
        accounts.get(credentials.username or "") if credentials is not None and credentials.type == "basic" else None
    )
    token = (credentials.password or "") if credentials is not None else ""
    if account is None or not hmac.compare_digest(token.encode(), account.token.encode()):
        answer = error(401, 20003, "Authenticate")
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return answer
    g.account = _acted_on(account)
    return None


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
