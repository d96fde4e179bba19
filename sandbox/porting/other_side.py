"""Acts of the signer, the losing carrier and the staff of this carrier."""

from datetime import UTC, date, datetime, timedelta

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.porting.port_requests import PortRequests
from sandbox.porting.records import FINAL_NUMBERS, NumberStatus, PortIn, PortNumber, RequestStatus
from sandbox.porting.scheduled_steps import ScheduledSteps
from sandbox.porting.status_changes import StatusChanges
from sandbox.scenarios import REJECTION_REASONS

_WITH_LOSING_CARRIER = {NumberStatus.PORT_SUBMITTED, NumberStatus.PORT_REJECTED}
_DATED = {NumberStatus.PORT_PENDING, NumberStatus.CANCELING}


class OtherSide:
    """Acts on a port request, named by its sid or one of its numbers. Each raises `OutOfTurn` or `Unknown`."""

    def __init__(
        self, exchange: Exchange, requests: PortRequests, steps: ScheduledSteps, statuses: StatusChanges
    ) -> None:
        self._exchange = exchange
        self._requests = requests
        self._steps = steps
        self._statuses = statuses

    def sign(self, kw: str, name: str = "") -> PortIn:
        """Sign the letter as the authorised person."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            if port_in.status is not RequestStatus.WAITING_FOR_SIGNATURE or port_in.signed:
                raise _out_of_turn(port_in, "does not wait for a signature")
            port_in.signed = self._exchange.now()
            port_in.signed_by = name or port_in.customer["authorized_representative"]
            self._exchange.later(StepKind.SENT_ON, port_in.sid, self._exchange.delays.after_signature)
        return port_in

    def expire(self, kw: str) -> PortIn:
        """Expire the request because it was not signed."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            if port_in.status is not RequestStatus.WAITING_FOR_SIGNATURE:
                raise _out_of_turn(port_in, "does not wait for a signature")
            self._steps.expire(port_in)
        return port_in

    def accept(self, kw: str, port_date: date | None = None) -> PortIn:
        """Commit all waiting numbers to a day or an instant, or to the default date."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            when = self._instant(port_in, port_date)
            for number in _those(port_in, _WITH_LOSING_CARRIER):
                self._steps.commit(port_in, number, when)
            self._statuses.settle(port_in)
        return port_in

    def reject(self, kw: str, number: str, code: int) -> PortIn:
        """Reject one number with a code from 22150 to 22159."""
        if code not in REJECTION_REASONS:
            message = f"{code} is not a rejection code."
            raise ValueError(message)
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            chosen = _one(port_in, number, _WITH_LOSING_CARRIER | _DATED)
            chosen.port_date = None
            self._statuses.change(port_in, chosen, NumberStatus.PORT_REJECTED, code)
            self._statuses.settle(port_in)
        return port_in

    def move_date(self, kw: str, new: date) -> PortIn:
        """Move the committed date to any day or instant."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            for number in _those(port_in, {NumberStatus.PORT_PENDING}):
                self._steps.commit(port_in, number, self._instant(port_in, new))
            self._statuses.settle(port_in)
        return port_in

    def withdraw_date(self, kw: str) -> PortIn:
        """Withdraw the committed date. Nothing happens until `accept` or `reject`."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            for number in _those(port_in, {NumberStatus.PORT_PENDING}):
                self._steps.withdraw(port_in, number)
            self._statuses.settle(port_in)
        return port_in

    def complete(self, kw: str, number: str | None = None, appears: timedelta | None = None) -> PortIn:
        """Complete all open numbers of the request, or one, now. `appears` is when they show in the account."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            wanted = _WITH_LOSING_CARRIER | _DATED
            for each in [_one(port_in, number, wanted)] if number else _those(port_in, wanted):
                self._steps.complete(port_in, each, appears)
            self._statuses.settle(port_in)
        return port_in

    def show(self, kw: str, number: str) -> PortIn:
        """Show a committed or completed number in the account now."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            self._steps.show(port_in, _one(port_in, number, {NumberStatus.PORT_PENDING, NumberStatus.COMPLETED}))
        return port_in

    def cancel_number(self, kw: str, number: str) -> PortIn:
        """Cancel one number as the carrier."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            chosen = _one(port_in, number, set(NumberStatus) - FINAL_NUMBERS)
            self._statuses.change(port_in, chosen, NumberStatus.CANCELED)
            self._statuses.settle(port_in)
        return port_in

    def grant_cancel(self, kw: str) -> PortIn:
        """Grant a waiting cancel."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            for number in _those(port_in, {NumberStatus.CANCELING}):
                self._statuses.change(port_in, number, NumberStatus.CANCELED)
            self._statuses.settle(port_in)
        return port_in

    def refuse_cancel(self, kw: str) -> PortIn:
        """Refuse a waiting cancel; the port goes on."""
        with self._exchange.changing():
            port_in = self._requests.find(kw)
            port_in.reason = None
            for number in _those(port_in, {NumberStatus.CANCELING}):
                self._statuses.change(port_in, number, number.before_cancel or NumberStatus.PORT_SUBMITTED)
            self._statuses.settle(port_in)
        return port_in

    def _instant(self, port_in: PortIn, wanted: date | None) -> datetime:
        if wanted is None:
            return self._steps.usual_date(port_in)
        if isinstance(wanted, datetime):
            return wanted.astimezone(UTC)
        return datetime.combine(wanted, self._exchange.delays.port_time, UTC)


def _those(port_in: PortIn, statuses: set[NumberStatus]) -> list[PortNumber]:
    found = [number for number in port_in.numbers if number.status in statuses]
    if not found:
        raise _out_of_turn(port_in, f"has no number that is {' or '.join(sorted(statuses))}")
    return found


def _one(port_in: PortIn, phone_number: str, statuses: set[NumberStatus]) -> PortNumber:
    for number in port_in.numbers:
        if number.phone_number == phone_number:
            if number.status not in statuses:
                raise _out_of_turn(port_in, f"has this number at {number.status}")
            return number
    message = f"{port_in.sid} has no number {phone_number}."
    raise Unknown(message)


def _out_of_turn(port_in: PortIn, why: str) -> OutOfTurn:
    return OutOfTurn(f"{port_in.sid} is {port_in.status} and {why}.")
