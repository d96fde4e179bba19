"""Emergency addresses (https://developers.telnyx.com/docs/voice/programmable-voice/emergency-calling)."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import Conflict, NotFound
from provisioning.contract.porting import Address

ADDRESSES, NUMBERS = "/addresses", "/phone_numbers"
STATUSES = {
    "active": EmergencyStatus.REGISTERED,
    "provisioning": EmergencyStatus.PENDING,
    "provisioning-failed": EmergencyStatus.REFUSED,
    "disabled": EmergencyStatus.NONE,
    "deprovisioning": EmergencyStatus.NONE,
}
NO_NUMBERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})
"""Its documents tell of emergency calls that come from a telephone by SIP, not of those that TeXML dials."""


class TelnyxEmergency:
    """The emergency facet. An address bears the number's id as its reference; it is never changed, but replaced."""

    countries = frozenset({"US", "CA"})
    numbers = NO_NUMBERS

    def __init__(self, client: Client) -> None:
        self._client = client

    def register(self, reference: str, holder: str, address: Address) -> EmergencyStatus:
        """Have a number use the address, which is made unless there is one like it; then delete those before it."""
        wanted = _fields(holder, address)
        with understood():
            number = self._client.fetch(f"{NUMBERS}/{reference}")
            kept = self._kept(reference)
            same = next((one for one in kept if _is_same(one, wanted)), None) or self._make(reference, wanted)
            if not _serves(number, same):
                point_at(self._client, reference, id_of(same, "id"))
            self._delete([one for one in kept if one is not same])
        return self.status(reference)

    def status(self, reference: str) -> EmergencyStatus:
        """The status that the number shows. An unknown word counts as PENDING, never as proof."""
        with understood():
            return status_of(self._client.fetch(f"{NUMBERS}/{reference}"))

    def forget(self, reference: str) -> None:
        """Take the address off, and delete it as soon as the carrier lets it go."""
        with suppress(NotFound), understood():
            take_off(self._client, self._client.fetch(f"{NUMBERS}/{reference}"))
        with understood():
            self._delete(self._kept(reference))

    def _kept(self, reference: str) -> list[Json]:
        return list(self._client.fetch_each(ADDRESSES, {"customer_reference][eq": reference}))

    def _make(self, reference: str, wanted: Json) -> Json:
        return self._client.create(ADDRESSES, wanted | {"customer_reference": reference, "validate_address": True})

    def _delete(self, addresses: list[Json]) -> None:
        """Delete addresses. One that a number still uses stays until the next time."""
        for one in addresses:
            with suppress(Conflict):
                self._client.delete(f"{ADDRESSES}/{id_of(one, 'id')}")


def status_of(number: Json) -> EmergencyStatus:
    """The status of the emergency address of a number."""
    return STATUSES.get(str(number.get("emergency_status") or "disabled"), EmergencyStatus.PENDING)


def take_off(client: Client, number: Json) -> bool:
    """Take its emergency address off a number; whether it is off already, as that may take a while."""
    if number.get("emergency_enabled"):
        reference = id_of(number, "id")
        point_at(client, reference, id_of(number, "emergency_address_id"), is_on=False)
        number = client.fetch(f"{NUMBERS}/{reference}")
    return (number.get("emergency_status") or "disabled") == "disabled"


def point_at(client: Client, reference: str, address: str, *, is_on: bool = True) -> None:
    """Turn the emergency address of a number on or off; the carrier wants to be told which one in both cases."""
    body = {"emergency_enabled": is_on, "emergency_address_id": address}
    client.create(f"{NUMBERS}/{reference}/actions/enable_emergency", body)


def _serves(number: Json, address: Json) -> bool:
    """Whether a number uses this address. One that failed is tried again."""
    failed = status_of(number) is EmergencyStatus.REFUSED
    return bool(number.get("emergency_enabled")) and number.get("emergency_address_id") == address["id"] and not failed


def _fields(holder: str, address: Address) -> Json:
    """The carrier wants the names of a person too: of a business its first word and the rest."""
    first, _, rest = holder.partition(" ")
    return {
        "business_name": holder,
        "first_name": first,
        "last_name": rest or first,
        "street_address": address.street,
        "extended_address": address.street2,
        "locality": address.city,
        "administrative_area": address.region,
        "postal_code": address.postal_code,
        "country_code": address.country,
    }


def _is_same(kept: Json, wanted: Json) -> bool:
    return all((kept.get(name) or "") == value for name, value in wanted.items())
