"""Errors as Twilio writes them. https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions."""

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.errors import OutOfTurn, Refusal

_GENERIC = {400: 20001, 404: 20404, 405: 20004, 413: 20001}


def register_errors(app: Flask) -> None:
    """Answer every refusal on the carrier's hosts with Twilio's error JSON."""
    app.register_error_handler(Refusal, lambda refusal: error(refusal.status, refusal.code, refusal.message))
    app.register_error_handler(HTTPException, _http)


def error(status: int, code: int, message: str) -> Response:
    """The classic error body, with its status."""
    answer = jsonify(_body(status, code, message))
    answer.status_code = status
    return answer


def fault(status: int, why: str) -> dict[str, object]:
    """The body of an answer that a fault refuses."""
    return _body(status, 20000 + status, why)


def conflict(reason: OutOfTurn) -> Refusal:
    """The refusal of an act that is not possible in the present state."""
    return Refusal(20409, str(reason), 409)


def not_found() -> Refusal:
    """The refusal for something that does not exist or is not the account's."""
    return Refusal(20404, f"The requested resource {request.path.partition('.twilio.com')[2]} was not found", 404)


def _body(status: int, code: int, message: str) -> dict[str, object]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}


def _http(problem: HTTPException) -> Response | HTTPException:
    if ".twilio.com/" not in request.path:
        return problem
    status = problem.code or 500
    if status == 404:  # noqa: PLR2004 - HTTP's own number
        missing = not_found()
        return error(missing.status, missing.code, missing.message)
    return error(status, _GENERIC.get(status, 20500), problem.description or problem.name)
