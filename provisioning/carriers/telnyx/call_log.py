"""The carrier's log of calls, which lags some seconds (https://developers.telnyx.com/api-reference/texml-rest-commands).

Its words are in snake case, its times mostly in RFC 2822.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, moment, objects_of, text_of
from provisioning.contract.callbacks import CallEnded
from provisioning.withheld_numbers import caller

PAGE = 1000
MOST_PAGES = 100
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class CallLog:
    """The calls of an account (its UUID)."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self.path = f"/texml/Accounts/{account}/Calls"

    def since(self, since: datetime, **same: str) -> list[Json]:
        """The calls that began since then (aware UTC) and have the `same` fields, such as `To`, oldest first."""
        with understood():
            found = [call for call in self.records(since, **same) if began(call) >= since - LEEWAY]
            return sorted(found, key=began)

    def records(self, since: datetime, **same: str) -> Iterator[Json]:
        """The same in any order, as they are: the moment of one may be odd, or before."""
        return self._pages(same | {"StartTime_gt": (since - LEEWAY).isoformat(), "PageSize": str(PAGE)})

    def fetch(self, reference: str) -> Json:
        """One call. Raises `NotFound`."""
        return self._client.ask("GET", f"{self.path}/{reference}")

    def _pages(self, wanted: dict[str, str]) -> Iterator[Json]:
        """Follow the pages by the query of the next one's address, as far as there can be that many."""
        for _ in range(MOST_PAGES):
            answer = self._client.ask("GET", self.path, params=wanted)
            with understood():
                found = objects_of(answer, "calls")
            yield from found
            following = urlsplit(str(answer.get("next_page_uri") or "")).query
            if not following:
                return
            wanted = dict(parse_qsl(following))


def is_over(call: Json) -> bool:
    """Whether a call has ended."""
    return call.get("status") in OVER


def ended(call: Json) -> CallEnded:
    """Read a call that is over. Its log does not tell whether another number forwarded it."""
    return CallEnded(
        reference=text_of(call, "sid"),
        caller=caller(text_of(call, "from")),
        called=text_of(call, "to"),
        seconds=int(call.get("duration") or 0),
        at=began(call),
    )


def began(call: Json) -> datetime:
    """When a call came. Raises `ValueError` for an unreadable date."""
    written = str(call.get("start_time") or call.get("date_created") or "")
    read = moment(written) or parsedate_to_datetime(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
