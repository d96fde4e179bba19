"""One callback as an HTTP request. Each carrier signs it, and tries it again, in its own way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import requests

from sandbox.faults import FaultKind
from sandbox.records import Account


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """One request to be posted: a form (list of pairs, blanks included) or a JSON body.

    `tries` is how often it was sent before, `faults` are those that strike what is sent now. A call waits for the
    answer to one that is `awaited`, so it is not sent again later.
    """

    url: str
    method: str
    form: tuple[tuple[str, str], ...] = ()
    json_body: str | None = None
    fallback_url: str = ""
    tries: int = 0
    awaited: bool = False
    faults: frozenset[FaultKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a callback. `status` is 0 when none came; `text` then names the error."""

    status: int
    content_type: str
    text: str

    @property
    def good(self) -> bool:
        """Whether the receiver answered 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers

    @property
    def note(self) -> str:
        """The answer in a word: its status, or the error."""
        return f"{self.status or self.text}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending a callback: the last answer, a note of each, and how soon it is sent again (None: never)."""

    reply: Reply
    notes: tuple[str, ...]
    again: timedelta | None = None


class Deliver(Protocol):
    """How one carrier sends a callback, signed for `account` at `now`. The receiver's faults raise nothing."""

    def __call__(
        self, session: requests.Session, callback: CallbackRequest, account: Account, now: datetime
    ) -> Delivery:
        """Send a callback."""


def attempt(session: requests.Session, prepared: requests.PreparedRequest, *, connect: float, read: float) -> Reply:
    """Send a request once, waiting so many seconds for a connection and for the answer."""
    try:
        response = session.send(prepared, timeout=(connect, read))
    except requests.exceptions.RequestException as error:
        return Reply(0, "", type(error).__name__)
    return Reply(response.status_code, response.headers.get("Content-Type", ""), response.text)
