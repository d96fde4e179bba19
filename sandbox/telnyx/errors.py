"""Errors as Telnyx writes them: a list, each with a code (a string) and the place of the fault.

https://developers.telnyx.com/api-reference/errors
"""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.errors import Refusal

Json = dict[str, object]

MISSING, INVALID, NOT_FOUND, NOT_SIGNED_IN, IN_USE = "10004", "10015", "10005", "10009", "10021"
TITLES = {
    MISSING: "Missing required parameter",
    NOT_FOUND: "Resource not found",
    "10007": "Unexpected error",
    NOT_SIGNED_IN: "Authentication failed",
    "10011": "Too many requests",
    "10010": "Not authorized",
    "10012": "Duplicate resource",
    "10016": "Phone number is not in E.164",
    INVALID: "Invalid parameter",
    IN_USE: "Resource in use",
    "40001": "Not routable",
    "40002": "Message filtered",
    "40008": "Undeliverable",
    "40010": "Not 10DLC registered",
    "40012": "Invalid destination number",
    "40300": "Blocked due to STOP message",
    "40302": "Message too large",
    "40305": "Invalid 'from' address",
    "40309": "Invalid destination region",
    "40310": "Invalid 'to' address",
    "40329": "Toll-free number is not verified",
    "40317": "Invalid MMS content",
    "40318": "Message queue full",
    "80003": "Number is in another porting order",
    "80004": "Date is not possible",
    "80200": "Number is given twice",
    "85000": "Search for the number first",
    "85001": "Number no longer available",
    "85004": "Invalid connection",
    "85005": "Invalid messaging profile",
    "D35": "Caller origination number is not allowed",
}
OF_THE_WORLD = {
    21211: "40310",
    21212: "40305",
    21408: "40309",
    21606: "40305",
    21610: "40300",
    21611: "40318",
    21612: "40001",
    21614: "40310",
    21617: "40302",
    21620: "40317",
    21623: "40317",
    21659: "40305",
    21704: "40305",
    21712: "40305",
}
"""The codes of refusals of texts in the parts that know no protocol, which are the first carrier's, and theirs."""

OF_STATUS = {401: NOT_SIGNED_IN, 403: "10010", 404: NOT_FOUND, 405: NOT_FOUND, 429: "10011"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry: its code, what is wrong, and the place in the body (a JSON pointer) or the parameter of the query."""

    code: str
    detail: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self) -> Json:
        """The entry as it is sent."""
        places = {"pointer": self.pointer, "parameter": self.parameter}
        return {
            "code": self.code,
            "title": TITLES.get(self.code, "Bad Request"),
            "detail": self.detail,
            "source": {name: place for name, place in places.items() if place},
            "meta": {"url": f"https://developers.telnyx.com/docs/overview/errors/{self.code}"},
        }


class Denied(Exception):
    """The carrier says no, for one reason or several."""

    def __init__(self, *problems: Problem, status: int = 422) -> None:
        super().__init__(*(problem.detail for problem in problems))
        self.problems = problems
        self.status = status


def not_found() -> Denied:
    """The refusal for something that does not exist or is not the account's."""
    return Denied(Problem(NOT_FOUND, "The requested resource or URL could not be found."), status=404)


def missing(name: str) -> Problem:
    """A field that has to be there."""
    return Problem(MISSING, f"{name} is required.", f"/{name}")


def invalid(name: str, detail: str) -> Problem:
    """A field with a wrong value."""
    return Problem(INVALID, detail, f"/{name}")


def answer_errors(blueprint: Blueprint) -> None:
    """Answer every refusal under a blueprint in this carrier's way."""
    blueprint.register_error_handler(Denied, lambda denied: error(denied.status, *denied.problems))
    blueprint.register_error_handler(Refusal, _of_the_world)
    blueprint.register_error_handler(HTTPException, _http)


def error(status: int, *problems: Problem) -> Response:
    """The answer with these problems."""
    answer = jsonify({"errors": [problem.as_json() for problem in problems]})
    answer.status_code = status
    return answer


def fault(status: int, why: str) -> Json:
    """The body of an answer that a fault refuses."""
    return {"errors": [Problem(OF_STATUS.get(status, "10007"), why).as_json()]}


def _of_the_world(refusal: Refusal) -> Response:
    code = OF_THE_WORLD.get(refusal.code)
    return error(400, Problem(code, refusal.message)) if code else error(422, Problem(INVALID, refusal.message))


def _http(problem: HTTPException) -> Response:
    status = problem.code or 500
    detail = problem.description or problem.name
    return error(status, Problem(OF_STATUS.get(status, INVALID), detail, parameter=request.path))
