"""Emergency addresses (https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice)."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from twilio.rest import Client
from twilio.rest.api.v2010.account.address import AddressInstance
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from provisioning.carriers.twilio.client import named, understood
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import NotFound
from provisioning.contract.porting import Address

UNREGISTERED = "unregistered"
STATUSES = {
    "registered": EmergencyStatus.REGISTERED,
    "pending-registration": EmergencyStatus.PENDING,
    "registration-failure": EmergencyStatus.REFUSED,
    UNREGISTERED: EmergencyStatus.NONE,
    "pending-unregistration": EmergencyStatus.NONE,
    "unregistration-failure": EmergencyStatus.REGISTERED,
}
NUMBERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"US": frozenset({"911", "933"}), "CA": frozenset({"911"})}
)
"""It takes a `<Dial>` of an emergency number of the country of the number shown. 933 reads out the address, for a test.

https://www.twilio.com/en-us/changelog/emergency-calling-for-programmable-voice-is-generally-available
"""


class TwilioEmergency:
    """The emergency facet."""

    countries = frozenset({"US", "CA"})
    numbers = NUMBERS

    def __init__(self, client: Client) -> None:
        self._client = client

    def register(self, reference: str, holder: str, address: Address) -> EmergencyStatus:
        """Associate the address. The carrier changes none in use: another one is dissociated first, which takes time.

        Until that is done this returns PENDING, although `status` says NONE: register again. The address is named after
        the number's id, so that a second attempt changes it and creates no other.
        """
        wanted = _fields(holder, address)
        with understood():
            number = self._client.incoming_phone_numbers(reference).fetch()
            kept = self._kept(reference)
            if number.emergency_address_sid and not (kept and _same(kept, wanted)):
                number = number.update(emergency_address_sid="")
            if number.emergency_address_sid:
                return _status(number)
            if _status_word(number) != UNREGISTERED:
                return EmergencyStatus.PENDING
            return _status(number.update(emergency_address_sid=self._keep(kept, reference, address.country, wanted)))

    def status(self, reference: str) -> EmergencyStatus:
        """The status that the number shows. An unknown word counts as PENDING, never as proof."""
        with understood():
            return _status(self._client.incoming_phone_numbers(reference).fetch())

    def forget(self, reference: str) -> None:
        """Take the address off; the carrier needs a while until the number shows `unregistered`."""
        with suppress(NotFound), understood():
            self._client.incoming_phone_numbers(reference).update(emergency_address_sid="")

    def _kept(self, reference: str) -> AddressInstance | None:
        """The address created for this number, whether it is associated now or not."""
        return named(self._client.addresses.list(friendly_name=reference), reference)

    def _keep(self, kept: AddressInstance | None, reference: str, country: str, wanted: dict[str, str]) -> str:
        """Create the address at the carrier, or change the one of this number; returns its sid."""
        if kept is None:
            kept = self._client.addresses.create(
                iso_country=country, friendly_name=reference, emergency_enabled=True, **wanted
            )
        elif not _same(kept, wanted):
            kept = kept.update(emergency_enabled=True, **wanted)
        if not kept.sid:
            raise ValueError("an address without a sid")
        return kept.sid


def _fields(holder: str, address: Address) -> dict[str, str]:
    return {
        "customer_name": holder,
        "street": address.street,
        "street_secondary": address.street2,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
    }


def _same(kept: AddressInstance, wanted: dict[str, str]) -> bool:
    return all((getattr(kept, name) or "") == value for name, value in wanted.items())


def _status(number: IncomingPhoneNumberInstance) -> EmergencyStatus:
    return STATUSES.get(_status_word(number), EmergencyStatus.PENDING)


def _status_word(number: IncomingPhoneNumberInstance) -> str:
    return str(number.emergency_address_status or UNREGISTERED)
