"""Ports away: another operator asks for a number of an account, and after some days has it.

As at Twilio: the account's owner sees the request in the Console and can dispute it there; no API knows of it
(https://support.twilio.com/hc/en-us/articles/223132067). Telnyx tells its accounts, which authorize or refuse it;
silence of two days authorizes (https://developers.telnyx.com/docs/numbers/porting/port-out-orders).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import uuid4

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.porting.askers import ASKERS
from sandbox.porting.records import Comment, PortOut, PortOutStatus
from sandbox.records import Carrier, Step

OPEN = {PortOutStatus.PENDING, PortOutStatus.AUTHORIZED, PortOutStatus.REFUSAL_READ}
INVALID_PIN = 1002
REJECTED = 22150
"""The code with which Twilio rejects a number whose owner elsewhere has refused: support knows more."""

Notify = Callable[[PortOut, str, Comment | None], None]
"""Tells the owner of a port away what has happened: `status_changed`, `foc_date_changed` or `new_comment`."""


class PortOuts:
    """Keeps the requests of other operators, and lets numbers go."""

    def __init__(self, exchange: Exchange, inventory: Inventory, notify: Notify) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._notify = notify

    @property
    def steps(self) -> dict[str, Callable[[Step], None]]:
        """What happens to requests by itself."""
        return {
            StepKind.PORTED_OUT: self._due,
            StepKind.PORT_OUT_UNANSWERED: self._unanswered,
            StepKind.PORT_OUT_REFUSAL_READ: self._refusal_read,
        }

    def ask(self, phone_number: str, operator: str, account_number: str = "", pin: str = "") -> PortOut:
        """Ask for a number as another operator; a wrong account number is refused at once, and the owner not told.

        Raises `Unknown` for a number that is in no account, `OutOfTurn` while one of the same operator is open.
        """
        number = self._inventory.held(phone_number)
        if number is None:
            message = f"{phone_number} is in no account."
            raise Unknown(message)
        if operator in {one.operator for one in self._open(phone_number)}:
            message = f"{phone_number} is asked for already."
            raise OutOfTurn(message)
        now, right = self._exchange.now(), account_number in {"", number.account_sid}
        status = PortOutStatus.PENDING if right else PortOutStatus.REFUSED
        asked = PortOut(str(uuid4()), phone_number, operator, now, status, number.account_sid, pin)
        with self._exchange.changing() as state:
            state.port_outs[asked.sid] = asked
            self._set_date(asked, now + self._exchange.delays.ported_out)
            if right:
                self._become(asked, PortOutStatus.PENDING)
                self._exchange.later(StepKind.PORT_OUT_UNANSWERED, asked.sid, self._exchange.delays.port_out_unanswered)
        return asked

    def ask_as(self, phone_number: str, who: str) -> PortOut:
        """Ask for a number as one of `ASKERS`. Raises what `ask` does, and `Unknown` for somebody else."""
        number, asker = self._inventory.held(phone_number), ASKERS.get(who)
        if number is None or asker is None:
            message = f"{phone_number} is in no account, or nobody is {who}."
            raise Unknown(message)
        known = asker.knows(number.account_sid, number.settings.get("external_pin", ""))
        return self.ask(phone_number, asker.operator, *known)

    def dispute(self, phone_number: str) -> PortOut:
        """Refuse a request, as the carrier does once its customer has disputed it in the Console."""
        return self._end(phone_number, PortOutStatus.REFUSED)

    def withdraw(self, phone_number: str) -> PortOut:
        """Take a request back, as the other operator."""
        return self._end(phone_number, PortOutStatus.CANCELED)

    def complete(self, phone_number: str) -> PortOut:
        """Let a number go now: it leaves the account."""
        with self._exchange.changing():
            asked = self._end(phone_number, PortOutStatus.PORTED)
            if number := self._inventory.held(phone_number):
                self._inventory.remove(number)
        return asked

    def authorize(self, asked: PortOut) -> None:
        """Agree, as the owner: the number goes on its date."""
        with self._exchange.changing():
            self._become(asked, PortOutStatus.AUTHORIZED)

    def refuse(self, asked: PortOut, code: int, reason: str) -> None:
        """Refuse, as the owner. Staff read the reason an hour later."""
        with self._exchange.changing():
            asked.refusal_code, asked.reason = code, reason
            self._become(asked, PortOutStatus.REFUSAL_READ)
            self._exchange.later(StepKind.PORT_OUT_REFUSAL_READ, asked.sid, self._exchange.delays.port_out_refusal_read)

    def move(self, asked: PortOut, when: datetime) -> None:
        """Move the date."""
        with self._exchange.changing():
            self._set_date(asked, when)
            self._notify(asked, "foc_date_changed", None)

    def comment(self, asked: PortOut, body: str) -> Comment:
        """Add a comment."""
        with self._exchange.changing():
            comment = Comment(str(uuid4()), body, "user", self._exchange.now())
            asked.comments.append(comment)
            self._notify(asked, "new_comment", comment)
        return comment

    def operator_of(self, phone_number: str) -> str:
        """The operator that took a number over last, "" if none did."""
        theirs = [each for each in self._exchange.state.port_outs.values() if each.phone_number == phone_number]
        return next((each.operator for each in reversed(theirs) if each.status is PortOutStatus.PORTED), "")

    def open_one(self, phone_number: str) -> PortOut | None:
        """The request for a number that is under way, the oldest of several; or None."""
        return next(self._open(phone_number), None)

    def asked_by_neighbor(self, phone_number: str, pin: str, carrier: Carrier) -> None:
        """The other carrier of this world has sent a port of a number that is here. It sets the date, and takes it."""
        number = self._inventory.held(phone_number)
        elsewhere = number is not None and self._exchange.carrier_of(number.account_sid) is not carrier
        if elsewhere and self.open_one(phone_number) is None:
            self.ask(phone_number, carrier.title(), pin=pin).taken_by_neighbor = True

    def refusal(self, phone_number: str) -> int | None:
        """The code with which the other carrier's port is rejected because the owner here has refused, or None."""
        theirs = [each for each in self._exchange.state.port_outs.values() if each.phone_number == phone_number]
        refused = {PortOutStatus.REFUSED, PortOutStatus.REFUSAL_READ}
        last = theirs[-1] if theirs else None
        return REJECTED if last is not None and last.taken_by_neighbor and last.status in refused else None

    def dated_by_neighbor(self, phone_number: str, when: datetime) -> None:
        """The other carrier of this world has a date for a number that is here."""
        if asked := self.open_one(phone_number):
            self.move(asked, when)

    def taken_by_neighbor(self, phone_number: str) -> None:
        """The other carrier of this world has a number now that was here."""
        if self.open_one(phone_number):
            self.complete(phone_number)

    def _open(self, phone_number: str) -> Iterator[PortOut]:
        theirs = (each for each in self._exchange.state.port_outs.values() if each.phone_number == phone_number)
        return (each for each in theirs if each.status in OPEN)

    def _end(self, phone_number: str, status: PortOutStatus) -> PortOut:
        asked = self.open_one(phone_number)
        if asked is None:
            message = f"No operator asks for {phone_number}."
            raise Unknown(message)
        with self._exchange.changing():
            self._become(asked, status)
        return asked

    def _become(self, asked: PortOut, status: PortOutStatus) -> None:
        asked.status, asked.changed = status, self._exchange.now()
        self._notify(asked, "status_changed", None)

    def _set_date(self, asked: PortOut, when: datetime) -> None:
        asked.leaves = when
        self._exchange.at_time(StepKind.PORTED_OUT, asked.sid, max(when, self._exchange.now()), when.isoformat())

    def _due(self, step: Step) -> None:
        """Let a number go on its date, unless the date has moved or the other carrier of this world takes it."""
        asked = self._exchange.state.port_outs.get(step.subject)
        if asked is None or asked.taken_by_neighbor or step.detail != (asked.leaves or asked.asked).isoformat():
            return
        if asked.status in {PortOutStatus.PENDING, PortOutStatus.AUTHORIZED}:
            self.complete(asked.phone_number)

    def _unanswered(self, step: Step) -> None:
        asked = self._exchange.state.port_outs.get(step.subject)
        if asked is None or self._exchange.carrier_of(asked.account_sid) is not Carrier.TELNYX:
            return
        if asked.status is PortOutStatus.PENDING:
            self.authorize(asked)

    def _refusal_read(self, step: Step) -> None:
        """A PIN that was right is no reason: the request waits once more, and is authorized if nothing is said."""
        asked = self._exchange.state.port_outs[step.subject]
        if asked.status is not PortOutStatus.REFUSAL_READ:
            return
        number = self._inventory.held(asked.phone_number)
        pin = number.settings.get("external_pin", "") if number else ""
        right = asked.refusal_code == INVALID_PIN and pin and pin == asked.pin
        self._become(asked, PortOutStatus.PENDING if right else PortOutStatus.REFUSED)
        if right:
            self._exchange.later(StepKind.PORT_OUT_UNANSWERED, asked.sid, self._exchange.delays.port_out_unanswered)
