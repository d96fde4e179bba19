"""Authentication: a bearer token, the account's API key, on every route."""

import hmac
import json

from flask import Blueprint, Response, g, request

from sandbox.current import the_world
from sandbox.faults import FaultKind
from sandbox.records import Carrier
from sandbox.telnyx.dates import oddly
from sandbox.telnyx.errors import NOT_SIGNED_IN, Problem, answer_errors, error

BASE = "/api.telnyx.com/v2"


def guarded(name: str) -> Blueprint:
    """A blueprint at the carrier's address, whose routes want the key and answer errors in this carrier's way."""
    blueprint = Blueprint(f"telnyx_{name}", __name__, url_prefix=BASE)
    blueprint.before_request(_authenticate)
    blueprint.after_request(_head)
    blueprint.after_request(_spoil)
    answer_errors(blueprint)
    return blueprint


def _authenticate() -> Response | None:
    credentials = request.authorization
    given = (credentials.token or "") if credentials is not None and credentials.type == "bearer" else ""
    for account in the_world().state.accounts.values():
        if account.carrier is Carrier.TELNYX and hmac.compare_digest(given.encode(), account.token.encode()):
            g.account = account
            return None
    return error(401, Problem(NOT_SIGNED_IN, "The API key is missing or not valid."))


def _spoil(answer: Response) -> Response:
    """Break an answer as its faults say: without `data`, or with dates that are spelled otherwise."""
    strike = the_world().faults.strike
    body = answer.get_json(silent=True) if answer.is_json else None
    if isinstance(body, dict) and "data" in body and strike(FaultKind.NO_DATA, request.path):
        answer.set_data(json.dumps({name: value for name, value in body.items() if name != "data"}))
    if body is not None and strike(FaultKind.ODD_DATES, request.path):
        answer.set_data(oddly(answer.get_data(as_text=True)))
    return answer


def _head(answer: Response) -> Response:
    """Add the headers about the rate: figures are not published, these never run out."""
    answer.headers["x-ratelimit-limit"] = answer.headers["x-ratelimit-remaining"] = "1000"
    answer.headers["x-ratelimit-reset"] = "1"
    return answer
