"""Everything outside the service: other people's phones, the carrier's desk, the mail, and the rehearsal's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from demo.browser import straight_session
from laptop.rehearsal import ACCOUNT


class Outside:
    """A client of the sandbox's control API (sandbox/README.md)."""

    def __init__(self, console: str, carrier_token: str) -> None:
        """`carrier_token` is the secret with which the carrier's own interface is asked."""
        self._address = f"{console}/_control"
        self._texts = f"{console}/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        self._token = carrier_token
        self._session = straight_session()

    def now(self) -> datetime:
        """The time on the rehearsal's clock, aware UTC."""
        return datetime.fromisoformat(self._look("clock")["now"])

    def run_at(self, speed: float) -> None:
        """Have the clock run at a multiple of real time."""
        self._act("clock", speed=speed)

    def let_pass(self, time: timedelta) -> None:
        """Wind the clock forward."""
        self._act("clock", jump=time.total_seconds())

    def let_pass_until(self, moment: datetime) -> None:
        """Wind the clock to a moment, unless that is past."""
        if moment > self.now():
            self._act("clock", jump_to=moment.isoformat())

    def text(self, sender: str, number: str, body: str, *pictures: str) -> None:
        """Send a text from an outside phone to one of our numbers; `pictures` are media types such as `image/jpeg`."""
        self._act("text", to=number, body=body, media=list(pictures), **{"from": sender})

    def text_past_us(self, sender: str, recipient: str, body: str) -> str:
        """Send a text from one of our numbers by the carrier's own interface; the carrier's id of it."""
        fields = {"From": sender, "To": recipient, "Body": body}
        answer = self._session.post(self._texts, data=fields, auth=(ACCOUNT, self._token), timeout=30)
        return str(self._json(answer)["sid"])

    def failed_text(self, sid: str) -> Mapping[str, Any] | None:
        """A text by the carrier's id, with `status` and `error_code`, once it has failed."""
        return next((text for text in self._look("messages") if text["sid"] == sid and text["error_code"]), None)

    def call(self, caller: str, number: str, says: str = "") -> list[str]:
        """Call one of our numbers from an outside phone, saying `says` to voicemail; the lines the caller heard."""
        call = self._act("call", to=number, says=says, **{"from": caller})
        return [str(line) for line in call["transcript"]]

    def texts_on(self, phone: str) -> list[Mapping[str, Any]]:
        """The texts that an outside phone has received, oldest first, with `body`, `from` and `at`."""
        texts: list[Mapping[str, Any]] = self._look(f"phones/{phone}/texts")
        return texts

    def mail_to(self, address: str) -> list[Mapping[str, Any]]:
        """The e-mails that the service sent to an address, oldest first, with `subject` and `text`."""
        emails: list[Mapping[str, Any]] = self._look("mail", to=address)
        return emails

    def signature_emails(self) -> list[Mapping[str, Any]]:
        """The e-mails in which the carrier asks for a signature, oldest first, with `url`."""
        emails: list[Mapping[str, Any]] = self._look("mailbox")
        return emails

    def campaigns(self) -> list[str]:
        """The state of each campaign at the carrier."""
        return [str(service["campaign"]) for service in self._look("services") if service["campaign"]]

    def numbers(self) -> set[str]:
        """Every number in our account at the carrier (E.164)."""
        return {number["phone_number"] for number in self._look("numbers")}

    def orders(self) -> list[Mapping[str, Any]]:
        """Every port request at the carrier, oldest first."""
        orders: list[Mapping[str, Any]] = self._look("port-ins")
        return orders

    def moves_at(self, number: str) -> datetime:
        """The date to which the old operator committed for a number, as the carrier that ports it in shows it."""
        order = self._order(number)
        return datetime.fromisoformat(order["foc"] if "foc" in order else order["numbers"][0]["port_date"])

    def is_filed(self, number: str) -> bool:
        """Whether the carrier that takes our letter has a whole order with a number, and no draft."""
        orders = self._look("port-orders")
        return any(number in order["numbers"] and order["status"] != "draft" for order in orders)

    def has_moved(self, number: str) -> bool:
        """Whether the carrier has completed the port of a number."""
        return self._order(number)["status"] in {"completed", "ported"}

    def _order(self, number: str) -> Mapping[str, Any]:
        """The newest order with a number, at whichever carrier."""
        found = [order for order in self._look("port-orders") if number in order["numbers"]]
        order: Mapping[str, Any] = found[-1] if found else self._look(f"port-ins/{number}")
        return order

    def _act(self, verb: str, **fields: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        return self._json(self._session.post(f"{self._address}/{verb}", json=fields, timeout=30))

    def _look(self, subject: str, **query: str) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        return self._json(self._session.get(f"{self._address}/{subject}", params=query, timeout=30))

    @staticmethod
    def _json(answer: requests.Response) -> Any:  # noqa: ANN401 -- whatever JSON can hold
        answer.raise_for_status()
        return answer.json()
