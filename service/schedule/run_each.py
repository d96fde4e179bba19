"""Running a function for many items, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.orm import Session

from service.services import Services

Thing = TypeVar("Thing")


def run_each(services: Services, things: Iterable[Thing], do: Callable[[Session, Thing], None]) -> None:
    """Run a function for every item. A failure does not stop the others.

    Raises:
        ExceptionGroup: the failures, after every item was tried.
    """
    failed = []
    for thing in things:
        try:
            with services.sessions.begin() as session:
                do(session, thing)
        except Exception as error:  # noqa: BLE001 -- any failure must leave the other items untouched
            failed.append(error)
    if failed:
        raise ExceptionGroup("some could not be done", failed)
