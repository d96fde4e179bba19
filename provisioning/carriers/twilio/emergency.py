"""Emergency addresses (https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice)."""

from contextlib import suppress
from typing import Any

from twilio.rest import Client

from provisioning.carriers.twilio.client import understood
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import NotFound
from provisioning.contract.porting import Address

STATUSES = {
    "registered": EmergencyStatus.REGISTERED,
    "pending-registration": EmergencyStatus.PENDING,
    "registration-failure": EmergencyStatus.REFUSED,
    "unregistered": EmergencyStatus.NONE,
    "pending-unregistration": EmergencyStatus.NONE,
    "unregistration-failure": EmergencyStatus.REGISTERED,
}


class TwilioEmergency:
    """The emergency facet."""

    countries = frozenset({"US", "CA"})

    def __init__(self, client: Client) -> None:
        self._client = client

    def register(self, reference: str, holder: str, address: Address) -> EmergencyStatus:
        """The address is kept under the number's own id, so that a second try changes it and makes no other."""
        with understood():
            number = self._client.incoming_phone_numbers(reference)
            number.update(emergency_status="Active", emergency_address_sid=self._kept(reference, holder, address))
        return self.status(reference)

    def status(self, reference: str) -> EmergencyStatus:
        """As the number itself says; a word we do not know is not taken for proof."""
        with understood():
            word = self._client.incoming_phone_numbers(reference).fetch().emergency_address_status
            return STATUSES.get(str(word or "unregistered"), EmergencyStatus.PENDING)

    def forget(self, reference: str) -> None:
        """The carrier does not release a number that still has an address."""
        with suppress(NotFound), understood():
            self._client.incoming_phone_numbers(reference).update(emergency_address_sid="")

    def _kept(self, reference: str, holder: str, address: Address) -> str:
        fields: dict[str, Any] = {
            "customer_name": holder,
            "street": address.street,
            "street_secondary": address.street2,
            "city": address.city,
            "region": address.region,
            "postal_code": address.postal_code,
            "emergency_enabled": True,
        }
        known = self._client.addresses.list(friendly_name=reference)
        mine = next((one for one in known if one.friendly_name == reference), None)
        if mine is None:
            mine = self._client.addresses.create(iso_country=address.country, friendly_name=reference, **fields)
        else:
            mine.update(**fields)
        if not mine.sid:
            raise ValueError("an address without a sid")
        return mine.sid
