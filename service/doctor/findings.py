"""What a check is given, and the finding that it returns."""

from dataclasses import dataclass
from enum import StrEnum

import requests

from service.services import Services


class Verdict(StrEnum):
    """A PROBLEM keeps an installation from going live; a NOTE does not, but the operator should know it."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding for the operator: what was found, and advice on what to do about it."""

    verdict: Verdict
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation that is checked, and an HTTP session that reaches it from outside."""

    services: Services
    to_us: requests.Session


def ok(what: str) -> Finding:
    """A finding that all is well."""
    return Finding(Verdict.OK, what)


def note(what: str, advice: str) -> Finding:
    """A finding that the operator should know of, though it works."""
    return Finding(Verdict.NOTE, what, advice)


def problem(what: str, advice: str) -> Finding:
    """A finding that keeps the installation from working."""
    return Finding(Verdict.PROBLEM, what, advice)
