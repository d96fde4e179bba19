"""Port requests from the customer's side: portability, filing, finding, cancelling."""

import secrets
from dataclasses import dataclass

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.porting.records import FINAL_NUMBERS, FINAL_REQUESTS, NumberStatus, PortIn, PortNumber, RequestStatus
from sandbox.porting.status_changes import StatusChanges
from sandbox.records import new_sid
from sandbox.scenarios import portability_code, scenario


@dataclass(frozen=True, slots=True)
class Filing:
    """A port request as filed. `asked` is echoed in answers and holds no PIN."""

    account_sid: str
    account_number: str
    pins: dict[str, str]
    asked: dict[str, object]


class PortRequests:
    """Takes port requests and cancellations."""

    def __init__(self, exchange: Exchange, statuses: StatusChanges) -> None:
        self._exchange = exchange
        self._statuses = statuses

    def portability(self, phone_number: str, account_sid: str) -> int | None:
        """The code (22130–22137) why a number cannot be ported into an account, or None if it can."""
        held = [n.account_sid for n in self._exchange.state.numbers.values() if n.phone_number == phone_number]
        held = [each for each in held if self._exchange.carrier_of(each) is self._exchange.carrier_of(account_sid)]
        if held:
            return 22131 if account_sid in held else 22136
        return 22137 if self.open_port(phone_number) else portability_code(phone_number)

    def open_port(self, phone_number: str) -> PortIn | None:
        """The open request with this number, or None."""
        for port_in in self._exchange.state.port_ins.values():
            for number in port_in.numbers:
                if number.phone_number == phone_number and number.status not in FINAL_NUMBERS:
                    return port_in
        return None

    def file(self, filing: Filing) -> PortIn:
        """Keep a new request. Numbers that cannot be ported stay in it, marked with the reason."""
        now = self._exchange.now()
        with self._exchange.changing() as state:
            port_in = PortIn(
                sid=new_sid("KW"),
                account_sid=filing.account_sid,
                created=now,
                status=RequestStatus.IN_REVIEW,
                changed=now,
                ticket=100000 + len(state.port_ins),
                signature_key=secrets.token_urlsafe(16),
                account_number=filing.account_number,
                asked=filing.asked,
                numbers=[self._number(filing, phone_number) for phone_number in filing.pins],
            )
            state.port_ins[port_in.sid] = port_in
            self._exchange.later(StepKind.REVIEWED, port_in.sid, self._exchange.delays.review)
        return port_in

    def find(self, sid_or_number: str) -> PortIn:
        """The request with this sid, or the newest with this number. Raises `Unknown`."""
        requests = self._exchange.state.port_ins
        if sid_or_number in requests:
            return requests[sid_or_number]
        for port_in in reversed(requests.values()):
            if any(number.phone_number == sid_or_number for number in port_in.numbers):
                return port_in
        message = f"There is no port request {sid_or_number}."
        raise Unknown(message)

    def cancel(self, port_in: PortIn, numbers: list[PortNumber]) -> None:
        """Cancel numbers of a request. Raises `OutOfTurn` where it is too late, refused or already over."""
        wanted = [number for number in numbers if number.status not in FINAL_NUMBERS]
        self._may_cancel(port_in, wanted)
        with self._exchange.changing():
            for number in wanted:
                if number.status is not NumberStatus.CANCELING:
                    self._begin_cancel(port_in, number)
            self._statuses.settle(port_in)

    def _number(self, filing: Filing, phone_number: str) -> PortNumber:
        return PortNumber(
            sid=new_sid("PU"),
            phone_number=phone_number,
            status=NumberStatus.IN_REVIEW,
            changed=self._exchange.now(),
            pin=filing.pins[phone_number],
            not_portable_code=self.portability(phone_number, filing.account_sid),
            turn=1 + self._earlier(phone_number),
        )

    def _earlier(self, phone_number: str) -> int:
        """How many requests there were with this number."""
        return sum(bool(one.numbers_of(phone_number)) for one in self._exchange.state.port_ins.values())

    def _may_cancel(self, port_in: PortIn, wanted: list[PortNumber]) -> None:
        cut_off = self._exchange.now() + self._exchange.delays.cancel_cut_off
        if port_in.status in FINAL_REQUESTS or not wanted:
            message = "The port in request is already closed."
        elif any(number.port_date and number.port_date <= cut_off for number in wanted):
            message = "A port cannot be canceled within 48 hours of its date."
        elif any(scenario(number.phone_number).cancel_refused for number in port_in.numbers):
            message = "The losing carrier does not allow this port to be canceled."
        else:
            return
        raise OutOfTurn(message)

    def _begin_cancel(self, port_in: PortIn, number: PortNumber) -> None:
        number.before_cancel = number.status
        port_in.reason = "Canceled by the customer"
        self._statuses.change(port_in, number, NumberStatus.CANCELING)
        scenarios = [scenario(other.phone_number) for other in port_in.numbers]
        if any(each.cancel_too_late for each in scenarios):
            late = self._exchange.delays.cancel * 10
            self._exchange.later(StepKind.COMPLETED, port_in.sid, late, number.sid)
        elif not any(each.cancel_waits for each in scenarios):
            self._exchange.later(StepKind.CANCELED, port_in.sid, self._exchange.delays.cancel, number.sid)
