"""Many things to do at one tick, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.orm import Session

from service.services import Services

Thing = TypeVar("Thing")


def run_each(services: Services, things: Iterable[Thing], do: Callable[[Session, Thing], None]) -> None:
    """Do something with every one of them: one that fails keeps no other from being done.

    Raises:
        ExceptionGroup: what failed, once all have had their turn.
    """
    failed = []
    for thing in things:
        try:
            with services.sessions.begin() as session:
                do(session, thing)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others are not to blame
            failed.append(error)
    if failed:
        raise ExceptionGroup("some could not be done", failed)
