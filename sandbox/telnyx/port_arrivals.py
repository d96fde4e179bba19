"""How ported numbers arrive: calls at once, texts by a port of their own, ten minutes later or when they are mended."""

from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.records import Leg, Number
from sandbox.scenarios import carries_texts
from sandbox.telnyx.port_events import PortEvents
from sandbox.telnyx.port_scenarios import TEXTS_PARTIAL, TEXTS_STUCK, ends
from sandbox.telnyx.records import PortOrder, TextsStatus


class PortArrivals:
    """Puts the numbers of orders into their account."""

    def __init__(self, exchange: Exchange, inventory: Inventory, events: PortEvents) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._events = events

    def show_early(self, order: PortOrder) -> None:
        """Show numbers as `port-pending` before they are ported, unless another account has them."""
        for phone_number in order.numbers:
            self._inventory.appear(phone_number, order.account_sid, None)

    def appear(self, order: PortOrder) -> None:
        """Put the numbers into the account, as they were set up. One of another account leaves that."""
        for phone_number in order.numbers:
            before = self._inventory.held(phone_number)
            if before is not None and before.account_sid != order.account_sid:
                self._inventory.remove(before)
            self._inventory.appear(phone_number, order.account_sid, None)
            self._inventory.go_live(phone_number)
            number = self._inventory.held(phone_number)
            if number is not None:
                self._set_up(order, number)

    def texts(self, order: PortOrder) -> None:
        """End the port of the texts: all of them, some, or none until somebody mends it."""
        if ends(order.numbers, TEXTS_STUCK):
            self.texts_become(order, TextsStatus.EXCEPTION)
        elif ends(order.numbers, TEXTS_PARTIAL):
            self.texts_become(order, TextsStatus.PARTIAL)
        else:
            self.texts_become(order, TextsStatus.PORTED)

    def texts_become(self, order: PortOrder, status: TextsStatus) -> None:
        """Note how far the texts have come, and tell it. What is ported reaches the account from now on."""
        order.texts = status
        for number in self._ported(order):
            partial = status is TextsStatus.PARTIAL and number.phone_number.endswith(TEXTS_PARTIAL)
            if status in {TextsStatus.PORTED, TextsStatus.PARTIAL} and not partial:
                number.texts_from = self._exchange.now() if carries_texts(number.phone_number) else None
        self._events.messaging_changed(order)

    def _ported(self, order: PortOrder) -> list[Number]:
        held = (self._inventory.held(number) for number in order.numbers)
        return [number for number in held if number is not None and number.account_sid == order.account_sid]

    def _set_up(self, order: PortOrder, number: Number) -> None:
        preset = order.fields.get("phone_number_configuration")
        wanted = preset if isinstance(preset, dict) else {}
        tags = wanted.get("tags")
        number.settings["voice_application_sid"] = str(wanted.get("connection_id") or "")
        number.tags = [str(tag) for tag in tags] if isinstance(tags, list) else []
        number.texts_from = None
        number.detours = [detour for detour in number.detours if detour.leg is Leg.VOICE]
        self._inventory.put_into_service(number, str(wanted.get("messaging_profile_id") or ""))
