"""Where a call or text from outside ends up: in the account, at the old operator, or nowhere."""

from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.errors import Unknown
from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.operators import operator_of
from sandbox.porting.records import NumberStatus, PortNumber
from sandbox.records import Detour, Leg, Number


class Destination(StrEnum):
    """Where a call or text ends up."""

    OURS = "ours"
    OLD = "old"
    NOWHERE = "nowhere"


class Reachability:
    """Knows where outside networks route calls and texts to a number."""

    def __init__(self, exchange: Exchange, inventory: Inventory) -> None:
        self._exchange = exchange
        self._inventory = inventory

    def destination(self, to: str, from_: str, leg: Leg) -> Destination:
        """Where one call or text ends up. Raises `Unknown` for a number that never was this carrier's.

        A ported number that is in no account, not yet or no longer, leads nowhere; one that left, to its operator.
        """
        number = self._inventory.held(to)
        if number is not None:
            return Destination.OURS if reaches(number, leg, from_, self._exchange.now()) else Destination.OLD
        ports = self._ports(to)
        if any(to in order.numbers for order in self._exchange.state.port_orders.values()):
            return Destination.OLD
        if any(each.phone_number == to for each in self._exchange.state.port_outs.values()):
            return Destination.OLD
        if not ports:
            message = f"{to} is not a number of this carrier."
            raise Unknown(message)
        here = any(each.status is NumberStatus.COMPLETED and each.sent_back is None for each in ports)
        return Destination.NOWHERE if here else Destination.OLD

    def send_back(self, phone_number: str) -> Number:
        """Return a number to its old operator, as carriers do within a day on request: it leaves the account."""
        with self._exchange.changing():
            number, now = self._known(phone_number), self._exchange.now()
            self._inventory.remove(number)
            for each in self._ports(phone_number):
                each.sent_back = each.sent_back or now
        return number

    def detour(self, phone_number: str, leg: Leg, network: str = "", lasting: timedelta | None = None) -> Number:
        """Route a leg of a number to the old operator, from one network or all, for a time or until `mend`."""
        with self._exchange.changing():
            number = self._known(phone_number)
            until = self._exchange.now() + lasting if lasting is not None else None
            number.detours.append(Detour(leg, network, until))
        return number

    def mend(self, phone_number: str) -> Number:
        """End all detours and delays: everything reaches the account."""
        with self._exchange.changing():
            number = self._known(phone_number)
            now = self._exchange.now()
            number.detours.clear()
            number.voice_from = min(number.voice_from or now, now)
            number.texts_from = min(number.texts_from or now, now)
        return number

    def _ports(self, phone_number: str) -> list[PortNumber]:
        return [each for port in self._exchange.state.port_ins.values() for each in port.numbers_of(phone_number)]

    def _known(self, phone_number: str) -> Number:
        number = self._inventory.held(phone_number)
        if number is None:
            message = f"{phone_number} is in no account."
            raise Unknown(message)
        return number


def reaches(number: Number, leg: Leg, from_: str, now: datetime) -> bool:
    """Whether calls or texts from `from_` reach a number of the account."""
    live = number.voice_from if leg is Leg.VOICE else number.texts_from
    return live is not None and now >= live and not any(_takes(detour, leg, from_, now) for detour in number.detours)


def _takes(detour: Detour, leg: Leg, from_: str, now: datetime) -> bool:
    if detour.leg is not leg or (detour.until is not None and now >= detour.until):
        return False
    operator = operator_of(from_) if detour.network else None
    return not detour.network or (operator is not None and operator.name == detour.network)
