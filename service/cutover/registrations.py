"""The registration that texts from a number need at its carrier: without it, other operators do not deliver them."""

from provisioning.contract.account import TextRegistration
from provisioning.contract.porting import NumberKind
from service.porting.kinds import country_of
from service.porting.models import PortNumber
from service.services import Services


def needs_registration(number: PortNumber) -> bool:
    """Whether texts from this number need one: those from American numbers that carry texts."""
    return number.carries_texts and country_of(number.number) == "US"


def registration_at(
    services: Services, carrier: str, kind: NumberKind, reference: str, pool: str | None
) -> TextRegistration:
    """What the carrier says of it: of a toll-free number its own verification, else the registration of its pool.

    `reference` is the carrier's id of the number, "" before the carrier shows it: nothing is verified then. Without an
    open pool (None) nothing is registered. Raises any `CarrierError`.
    """
    account = services.network(carrier).account
    if kind is not NumberKind.TOLL_FREE:
        return TextRegistration.MISSING if pool is None else account.text_registration(pool)
    return account.toll_free_verification(reference) if reference else TextRegistration.MISSING
