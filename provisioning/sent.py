"""The requests that a piece of work sends to carriers, for what keeps them.

with noted() as sent:
    carrier.porting.fetch(reference)
sent[0].status
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to a carrier. `status` is that of its answer, 0 if none came; `seconds` is how long that took.

    `path` is without the query.
    """

    verb: str
    host: str
    path: str
    status: int
    seconds: float


_noting: Final = ContextVar[list[Sent] | None]("noting", default=None)


@contextmanager
def noted() -> Iterator[list[Sent]]:
    """Note what this thread sends while the block runs."""
    sent: list[Sent] = []
    before = _noting.set(sent)
    try:
        yield sent
    finally:
        _noting.reset(before)


def note(sent: Sent) -> None:
    """Note a request, if they are noted now."""
    noting = _noting.get()
    if noting is not None:
        noting.append(sent)
