"""Orders of numbers: taken at once, filled a moment later."""

from collections.abc import Callable, Iterable

from sandbox.errors import Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.ordering.records import NumberOrder, OrderedNumber, OrderStatus
from sandbox.records import Step


class NumberOrders:
    """Keeps orders. `tell` is called with each one that was filled or has failed."""

    def __init__(self, exchange: Exchange, inventory: Inventory, tell: Callable[[NumberOrder], None]) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._tell = tell

    def offer(self, phone_numbers: Iterable[str]) -> None:
        """Remember what a search has shown: only that can be ordered."""
        with self._exchange.changing() as state:
            state.offers |= dict.fromkeys(phone_numbers, self._exchange.now())

    def was_offered(self, phone_number: str) -> bool:
        """Whether a search has shown this number."""
        return phone_number in self._exchange.state.offers

    def place(self, order: NumberOrder) -> None:
        """Take an order; it is filled after `Delays.number_ordered`, and works after `Delays.number_provisioned`."""
        with self._exchange.changing() as state:
            state.number_orders[order.sid] = order
            self._exchange.later(StepKind.NUMBER_ORDERED, order.sid, self._exchange.delays.number_ordered)

    def fill(self, step: Step) -> None:
        """Buy what was ordered. An order of which one number has gone meanwhile has failed; its others are bought."""
        order = self._exchange.state.number_orders.get(step.subject)
        if order is None:
            return
        for line in order.numbers:
            self._buy(order, line)
        failed = any(line.status is OrderStatus.FAILURE for line in order.numbers)
        order.status = OrderStatus.FAILURE if failed else OrderStatus.SUCCESS
        order.updated = self._exchange.now()
        self._tell(order)

    def _buy(self, order: NumberOrder, line: OrderedNumber) -> None:
        try:
            number = self._inventory.buy(order.account_sid, line.phone_number, "")
        except Refusal:
            line.status = OrderStatus.FAILURE
            return
        line.status = OrderStatus.SUCCESS
        number.settings |= order.settings
        number.voice_from = number.texts_from = self._exchange.now() + self._exchange.delays.number_provisioned
        self._inventory.put_into_service(number, order.service_sid)
