"""Ports away: another operator asks for a number of the account, and after some days has it.

As at Twilio: the account's owner sees the request in the Console and can dispute it there; no API knows of it
(https://support.twilio.com/hc/en-us/articles/223132067).
"""

from collections.abc import Callable

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.porting.records import PortOut, PortOutStatus
from sandbox.records import Step, new_sid


class PortOuts:
    """Keeps the requests of other operators, and lets numbers go."""

    def __init__(self, exchange: Exchange, inventory: Inventory) -> None:
        self._exchange = exchange
        self._inventory = inventory

    @property
    def steps(self) -> dict[str, Callable[[Step], None]]:
        """What happens to requests by itself."""
        return {StepKind.PORTED_OUT: self._due}

    def ask(self, phone_number: str, operator: str, account_number: str) -> PortOut:
        """Ask for a number as another operator; a wrong account number is refused at once, and the owner not told.

        Raises `Unknown` for a number that is in no account, `OutOfTurn` while another request for it is open.
        """
        number = self._inventory.held(phone_number)
        if number is None:
            message = f"{phone_number} is in no account."
            raise Unknown(message)
        if self._open(phone_number):
            message = f"{phone_number} is asked for already."
            raise OutOfTurn(message)
        with self._exchange.changing() as state:
            right = account_number == number.account_sid
            status = PortOutStatus.PENDING if right else PortOutStatus.REFUSED
            asked = PortOut(new_sid("PA"), phone_number, operator, self._exchange.now(), status)
            state.port_outs[asked.sid] = asked
            self._exchange.later(StepKind.PORTED_OUT, asked.sid, self._exchange.delays.ported_out)
        return asked

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

    def operator_of(self, phone_number: str) -> str:
        """The operator that took a number over last, "" if none did."""
        theirs = [each for each in self._exchange.state.port_outs.values() if each.phone_number == phone_number]
        return next((each.operator for each in reversed(theirs) if each.status is PortOutStatus.PORTED), "")

    def _end(self, phone_number: str, status: PortOutStatus) -> PortOut:
        asked = self._open(phone_number)
        if asked is None:
            message = f"No operator asks for {phone_number}."
            raise Unknown(message)
        with self._exchange.changing():
            asked.status = status
        return asked

    def _open(self, phone_number: str) -> PortOut | None:
        theirs = (each for each in self._exchange.state.port_outs.values() if each.phone_number == phone_number)
        return next((each for each in theirs if each.status is PortOutStatus.PENDING), None)

    def _due(self, step: Step) -> None:
        asked = self._exchange.state.port_outs.get(step.subject)
        if asked and asked.status is PortOutStatus.PENDING:
            self.complete(asked.phone_number)
