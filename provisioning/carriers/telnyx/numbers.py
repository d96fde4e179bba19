"""Numbers (https://developers.telnyx.com/api-reference/phone-number-configurations)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from provisioning.carriers.telnyx import search
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.emergency import take_off
from provisioning.carriers.telnyx.json_parts import Json, id_of, text_of
from provisioning.carriers.telnyx.number_orders import PENDING, SUCCESS, NumberOrders, numbers_of
from provisioning.carriers.telnyx.targets import APPLICATIONS, PROFILES, Targets, routing_of
from provisioning.contract.errors import NotFound, Unavailable
from provisioning.contract.numbers import Available, OwnedNumber, Routing, Sought, Wanted

NUMBERS: Final = "/phone_numbers"

# one that is being ported to us, ordered or examined is shown too, but does not work
OURS: Final = frozenset({"active", "port-out-pending"})
LEFT: Final = frozenset({"deleted", "ported-out"})
NEVER_CAME: Final = frozenset({"purchase-failed", "port-failed"})

# how long to wait for an order, in seconds: those of American numbers are filled within moments
PAUSES: Final = (1, 1, 2, 4)


class TelnyxNumbers:
    """The numbers facet. Our tag is a number's customer reference; `pause` waits for so many seconds."""

    def __init__(self, client: Client, targets: Targets, pause: Callable[[float], None]) -> None:
        self._client = client
        self._targets = targets
        self._orders = NumberOrders(client)
        self._pause = pause

    def search(self, wanted: Wanted) -> list[Available]:
        """Numbers with both calls and texts, from the nearest area that has any."""
        return search.nearest(self._client, wanted)

    def choices(self, sought: Sought) -> list[Available]:
        """One search, with every criterion that was given."""
        return search.matching(self._client, sought)

    def buy(self, number: str, tag: str, routing: Routing) -> OwnedNumber:
        """Order a number that points at us from its first moment, and wait for it.

        An order under this tag that waits already is waited for instead of placing another one.
        """
        order = self._orders.pending(number, tag) or self._place(number, tag, routing)
        for seconds in PAUSES:
            self._pause(seconds)
            if self._orders.is_filled(order) and (found := self._arrived(number, tag)):
                return found
        raise Unavailable("the order is not filled yet")

    def find(self, number: str) -> OwnedNumber | None:
        """Find a number. The carrier's filter also matches parts of numbers, so the answer is compared."""
        row = self._row(number)
        return self._owned(row) if row else None

    def is_gone(self, number: str) -> bool:
        """Whether it is not shown at all, or as one that has left; each other status may pass."""
        return all(row.get("status") in LEFT for row in self._rows(number))

    def owned(self) -> list[OwnedNumber]:
        """List all numbers, with what they point at, page by page."""
        rows = [row for row in self._client.fetch_each(NUMBERS) if row.get("status") in OURS]
        texting = {row.get("id"): row for row in self._client.fetch_each(f"{NUMBERS}/messaging")} if rows else {}
        applications, profiles = (self._targets.all_of(path) if rows else {} for path in (APPLICATIONS, PROFILES))
        with understood():
            return [_read(row, texting[row["id"]], applications, profiles) for row in rows]

    def tagged(self, tag: str) -> OwnedNumber | None:
        """The number with exactly this reference, or one that an order under it has brought.

        Raises `Unavailable` while such an order is not filled, or its number does not work yet.
        """
        rows = self._client.fetch_each(NUMBERS, {"customer_reference": tag})
        found = next((row for row in rows if row.get("status") in OURS and row.get("customer_reference") == tag), None)
        return self._owned(found) if found else next(self._ordered(tag), None)

    def apply_routing(self, reference: str, routing: Routing) -> OwnedNumber:
        """Have a number point at our application, and at a profile of its own."""
        with understood():
            number = text_of(self._client.fetch(f"{NUMBERS}/{reference}"), "phone_number")
        self._client.change(f"{NUMBERS}/{reference}", {"connection_id": self._targets.application(routing)})
        profile = self._targets.profile(number, routing)
        self._client.change(f"{NUMBERS}/{reference}/messaging", {"messaging_profile_id": profile})
        return self._owned(self._client.fetch(f"{NUMBERS}/{reference}"))

    def release(self, reference: str) -> None:
        """Release a number, after its emergency address, then its profile. A number that is gone counts as released.

        Raises `Unavailable` while the address is being taken off.
        """
        with suppress(NotFound), understood():
            number = self._client.fetch(f"{NUMBERS}/{reference}")
            if not take_off(self._client, number):
                raise Unavailable("the emergency address is still being taken off", not_made=True)
            self._client.delete(f"{NUMBERS}/{reference}")
            self._targets.forget_profile(text_of(number, "phone_number"))

    def _place(self, number: str, tag: str, routing: Routing) -> str:
        application, profile = self._targets.application(routing), self._targets.profile(number, routing)
        return self._orders.place(number, tag, application, profile)

    def _rows(self, number: str) -> list[Json]:
        rows = self._client.fetch_each(NUMBERS, {"phone_number": number})
        return [row for row in rows if row.get("phone_number") == number]

    def _row(self, number: str) -> Json | None:
        return next((row for row in self._rows(number) if row.get("status") in OURS), None)

    def _arrived(self, number: str, tag: str) -> OwnedNumber | None:
        """The number that an order under this tag has brought; None until it is shown, or if it is another tag's.

        Whether a number takes over the reference of its order is not documented.
        """
        row = self._row(number)
        if row is None or (row.get("customer_reference") or tag) != tag:
            return None
        if not row.get("customer_reference"):
            with understood():
                row = self._client.change(f"{NUMBERS}/{id_of(row, 'id')}", {"customer_reference": tag})
        return self._owned(row)

    def _ordered(self, tag: str) -> Iterator[OwnedNumber]:
        for order in self._orders.under(tag):
            if order.get("status") == PENDING:
                raise Unavailable("the order is not filled yet")
            with understood():
                reference, numbers = id_of(order, "id"), numbers_of(order)
            for number in numbers:
                if found := self._arrived(number, tag):
                    yield found
                elif order.get("status") == SUCCESS and self._may_arrive(number, reference):
                    raise Unavailable("the order is filled, and its number does not work yet")

    def _may_arrive(self, number: str, order: str) -> bool:
        """Whether the number of a filled order is still to come: one that is shown waits, and one that is not may."""
        shown = {row.get("status") for row in self._rows(number)} - LEFT - NEVER_CAME
        return shown.isdisjoint(OURS) and (bool(shown) or self._orders.is_young(order))

    def _owned(self, row: Json) -> OwnedNumber:
        with understood():
            texting = self._client.fetch(f"{NUMBERS}/{id_of(row, 'id')}/messaging")
            application, profile = _pointed_at(row, texting)
            return _read_with(row, texting, self._targets.routing(application, profile))


def _read(row: Json, texting: Json, applications: Mapping[str, Json], profiles: Mapping[str, Json]) -> OwnedNumber:
    application, profile = _pointed_at(row, texting)
    return _read_with(row, texting, routing_of(applications.get(application), profiles.get(profile)))


def _pointed_at(row: Json, texting: Json) -> tuple[str, str]:
    return str(row.get("connection_id") or ""), str(texting.get("messaging_profile_id") or "")


def _read_with(row: Json, texting: Json, routing: Routing) -> OwnedNumber:
    return OwnedNumber(
        reference=id_of(row, "id"),
        number=text_of(row, "phone_number"),
        tag=str(row.get("customer_reference") or ""),
        routing=routing,
        carries_texts=bool((texting.get("features") or {}).get("sms")),
    )
