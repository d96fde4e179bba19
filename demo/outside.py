"""The other side: phones that are not ours, the carrier's desk, the mail, and the clock that all of it runs on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from demo.browser import straight_session


class Outside:
    """Speaks to the sandbox's control API, which its README tells."""

    def __init__(self, console: str) -> None:
        self._address = f"{console}/_control"
        self._session = straight_session()

    def now(self) -> datetime:
        """What the clock shows, aware UTC."""
        return datetime.fromisoformat(self._look("clock")["now"])

    def run_at(self, speed: float) -> None:
        """Have the clock run at a multiple of real time."""
        self._act("clock", speed=speed)

    def let_pass(self, time: timedelta) -> None:
        """Wind the clock."""
        self._act("clock", jump=time.total_seconds())

    def let_pass_until(self, moment: datetime) -> None:
        """Wind the clock to a moment, unless it is past."""
        if moment > self.now():
            self._act("clock", jump_to=moment.isoformat())

    def text(self, sender: str, number: str, body: str, *pictures: str) -> None:
        """An outside phone texts one of our numbers; `pictures` are media types."""
        self._act("text", to=number, body=body, media=list(pictures), **{"from": sender})

    def call(self, caller: str, number: str, says: str = "") -> list[str]:
        """An outside phone calls one of our numbers; what was heard, line by line."""
        call = self._act("call", to=number, says=says, **{"from": caller})
        return [str(line) for line in call["transcript"]]

    def texts_on(self, phone: str) -> list[Mapping[str, Any]]:
        """Texts that an outside phone has received, oldest first: `body`, `from`, `at`."""
        texts: list[Mapping[str, Any]] = self._look(f"phones/{phone}/texts")
        return texts

    def mail_to(self, address: str) -> list[Mapping[str, Any]]:
        """Letters that the service sent to an address, oldest first."""
        letters: list[Mapping[str, Any]] = self._look("mail", to=address)
        return letters

    def signature_letters(self) -> list[Mapping[str, Any]]:
        """Letters in which the carrier asks for a signature."""
        letters: list[Mapping[str, Any]] = self._look("mailbox")
        return letters

    def numbers(self) -> set[str]:
        """Every number that lives in our account at the carrier."""
        return {number["phone_number"] for number in self._look("numbers")}

    def orders(self) -> list[Mapping[str, Any]]:
        """Every port request at the carrier, oldest first."""
        orders: list[Mapping[str, Any]] = self._look("port-ins")
        return orders

    def order(self, number: str) -> Mapping[str, Any]:
        """The newest port request with a number."""
        order: Mapping[str, Any] = self._look(f"port-ins/{number}")
        return order

    def _act(self, verb: str, **fields: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        return self._told(self._session.post(f"{self._address}/{verb}", json=fields, timeout=30))

    def _look(self, subject: str, **query: str) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        return self._told(self._session.get(f"{self._address}/{subject}", params=query, timeout=30))

    @staticmethod
    def _told(answer: requests.Response) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        answer.raise_for_status()
        return answer.json()
