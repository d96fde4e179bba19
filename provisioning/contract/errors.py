"""The errors of a carrier: four kinds.

    CarrierError
    ├── Unavailable   no clear answer now; try again later
    │   └── TooLate   not sent: the time for it was over
    ├── Refused       the carrier understood and said no: fields and reasons
    ├── Conflict      already there, already gone, or too late
    └── Broken        the answer makes no sense; an operator must look

A refusal is no failure: for a port it becomes the fact "action required". Code that must do something exactly once
reads `not_made`, which is True only if the answer proves that nothing was created.
"""

from dataclasses import dataclass


class CarrierError(Exception):
    """The base of all carrier errors. `not_made` is True if the carrier certainly did nothing."""

    not_made: bool = False


class Unavailable(CarrierError):
    """The carrier could not answer (outage, time-out, too many requests). Try again later.

    `not_made` is True when the request never arrived or was turned away before any work (refused connection,
    429, 503), False when the answer was lost and the work may have been done.
    """

    def __init__(self, message: str, *, not_made: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.not_made = not_made
        self.retry_after = retry_after


class TooLate(Unavailable):
    """The request was not sent: by now another worker may do it (`provisioning/deadline.py`)."""

    def __init__(self) -> None:
        super().__init__("it was too late to send it", not_made=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """One objection of the carrier: `field` is named as in the contract, or "" for the whole request."""

    field: str
    message: str


class Refused(CarrierError):
    """The carrier refused; sending the same again does not help. `code` is the carrier's."""

    not_made = True

    def __init__(self, message: str, *, code: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.faults = faults


class Conflict(CarrierError):
    """What was requested is already so, no longer possible, or taken."""

    not_made = True

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Conflict):
    """The carrier does not have it. A release is then done; a missing order needs an alert."""


class Broken(CarrierError):
    """The answer cannot be read, or our account may not do this. Nothing may be concluded; an operator is alerted."""
