"""What registering costs a customer: what the operator has set, else what the carrier charges."""

from collections.abc import Mapping

from provisioning.contract.registration import BusinessKind, Fee
from service.services import Services


def fees_of(services: Services, carrier: str, kind: BusinessKind) -> Mapping[Fee, int]:
    """The fees for a kind of business, in cents of a US dollar; {} where the carrier does not register it."""
    registration = services.network(carrier).registration
    charged = registration.capabilities.fees.get(kind, {}) if registration else {}
    return {fee: dict(services.settings.registration_fees).get(fee, cents) for fee, cents in charged.items()}
