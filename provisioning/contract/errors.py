"""What can go wrong at a carrier: four kinds and no more.

    CarrierError
    ├── Unavailable   no clear answer now; try again later
    ├── Refused       the carrier understood and said no: fields and reasons
    ├── Conflict      already there, already gone, or too late
    └── Broken        the carrier broke its own contract; somebody must look

A refusal is not a failure: at a port it becomes the fact "action required". Whoever must do a thing exactly once
asks `not_made`: True only when the answer proves that nothing was created.
"""

from dataclasses import dataclass


class CarrierError(Exception):
    """The common root: `not_made` says whether the carrier surely did nothing."""

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


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing the carrier objected to: `field` in the contract's words, or "" for the whole request."""

    field: str
    message: str


class Refused(CarrierError):
    """The carrier said no for good; sending the same again cannot help. `code` is the carrier's own, for the record."""

    not_made = True

    def __init__(self, message: str, *, code: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.faults = faults


class Conflict(CarrierError):
    """What was asked is already so, no longer possible, or taken by somebody else."""

    not_made = True

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Conflict):
    """The carrier knows no such thing. For a release this means done; for an order it means: alert, never "done"."""


class Broken(CarrierError):
    """The answer cannot be understood. Nothing may be concluded from it; an operator is told."""
