"""What a check is given and what it says."""

from dataclasses import dataclass
from enum import StrEnum

import requests

from service.services import Services


class Verdict(StrEnum):
    """A PROBLEM keeps an installation from going live; a NOTE does not, but somebody should know."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the operator: how it is, and what to do about it."""

    verdict: Verdict
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation, and the way by which the world reaches it."""

    services: Services
    to_us: requests.Session


def ok(what: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, what)


def note(what: str, advice: str) -> Finding:
    """It works, but somebody should know."""
    return Finding(Verdict.NOTE, what, advice)


def problem(what: str, advice: str) -> Finding:
    """It would not work."""
    return Finding(Verdict.PROBLEM, what, advice)
