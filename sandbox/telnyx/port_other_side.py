"""What people do about porting orders: the losing carrier, and the staff of this one."""

from collections.abc import Collection
from datetime import datetime

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import Exchange
from sandbox.telnyx.port_rules import PortOrders
from sandbox.telnyx.records import OVER, PortOrder, PortStatus, TextsStatus

SENT_OFF = frozenset(PortStatus) - OVER - {PortStatus.DRAFT}


class OrdersOtherSide:
    """Acts on a porting order, named by its id or one of its numbers. Each raises `OutOfTurn` or `Unknown`."""

    def __init__(self, exchange: Exchange, orders: PortOrders) -> None:
        self._exchange = exchange
        self._orders = orders

    def named(self, kw: str) -> PortOrder | None:
        """The order with this id, or the newest with this number, or None."""
        known = self._exchange.state.port_orders
        newest = (each for each in reversed(known.values()) if kw in each.numbers)
        return known.get(kw) or next(newest, None)

    def find(self, kw: str) -> PortOrder:
        """The order with this id, or the newest with this number."""
        found = self.named(kw)
        if found is None:
            raise Unknown(f"There is no porting order {kw}.")
        return found

    def accept(self, kw: str, foc: datetime | None = None) -> PortOrder:
        """Commit to a moment, or to the first one that is possible."""
        order = self._must_be(kw, {PortStatus.IN_PROCESS, PortStatus.SUBMITTED, PortStatus.EXCEPTION})
        with self._exchange.changing():
            self._orders.commit(order, foc or self._orders.windows(order.numbers)[0][0])
        return order

    def object(self, kw: str, codes: list[str]) -> PortOrder:
        """Object, with codes. Those that no list has are possible too."""
        if not codes:
            raise ValueError("An exception needs a code.")
        order = self._must_be(kw, SENT_OFF)
        with self._exchange.changing():
            self._orders.object(order, codes)
        return order

    def move_date(self, kw: str, foc: datetime) -> PortOrder:
        """Move the date."""
        order = self._must_be(kw, {PortStatus.FOC_DATE_CONFIRMED})
        with self._exchange.changing():
            self._orders.commit(order, foc)
        return order

    def withdraw_date(self, kw: str) -> PortOrder:
        """Withdraw the date. Nothing happens until `accept` or `object`."""
        order = self._must_be(kw, {PortStatus.FOC_DATE_CONFIRMED})
        with self._exchange.changing():
            self._orders.withdraw(order)
        return order

    def complete(self, kw: str) -> PortOrder:
        """Port all numbers now."""
        order = self._must_be(kw, SENT_OFF)
        with self._exchange.changing():
            self._orders.complete(order)
        return order

    def comment(self, kw: str, body: str) -> PortOrder:
        """Comment an order, as staff."""
        order = self.find(kw)
        self._orders.comment(order, body, "admin")
        return order

    def split(self, kw: str, numbers: list[str]) -> PortOrder:
        """Put numbers into an order of their own; the new one."""
        order = self._must_be(kw, SENT_OFF)
        if not numbers or not set(numbers) < set(order.numbers):
            raise ValueError("Some of the order's numbers are needed, not all.")
        return self._orders.split(order, numbers)

    def answer_cancel(self, kw: str, *, granted: bool) -> PortOrder:
        """Grant a cancel that waits, or refuse it."""
        order = self._must_be(kw, {PortStatus.CANCEL_PENDING})
        with self._exchange.changing():
            (self._orders.cancelled if granted else self._orders.refuse_cancel)(order)
        return order

    def texts(self, kw: str, status: str) -> PortOrder:
        """Set how far the texts have come."""
        order = self.find(kw)
        with self._exchange.changing():
            self._orders.arrivals.texts_become(order, TextsStatus(status))
        return order

    def _must_be(self, kw: str, states: Collection[PortStatus]) -> PortOrder:
        order = self.find(kw)
        if order.status not in states:
            raise OutOfTurn(f"{kw} is {order.status}.")
        return order
