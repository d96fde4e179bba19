"""Reasons of a rejection: who can correct each, and which fields have to be entered again.

The codes are those of `provisioning/contract`; what customers read is in `service/notifications/phrases`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from provisioning.contract.porting import ReasonCode


class FixBy(StrEnum):
    """Who can correct it."""

    CUSTOMER = "customer"
    AT_OLD_OPERATOR = "at_old_operator"
    DOCUMENT = "document"
    US = "us"
    CARRIER_STAFF = "carrier_staff"
    NOT_FIXABLE = "not_fixable"


@dataclass(frozen=True, slots=True)
class Fix:
    """Who can correct it, and the form fields that have to be entered again."""

    by: FixBy
    fields: tuple[str, ...] = ()


_ADDRESS = ("street", "street2", "city", "region", "postal_code")

FIXES: Final[Mapping[ReasonCode, Fix]] = {
    ReasonCode.ACCOUNT_NUMBER: Fix(FixBy.CUSTOMER, ("account_number",)),
    ReasonCode.PIN: Fix(FixBy.CUSTOMER, ("pin",)),
    ReasonCode.END_USER_NAME: Fix(FixBy.CUSTOMER, ("subscriber_name", "authorized_person")),
    ReasonCode.AUTHORIZED_PERSON: Fix(FixBy.CUSTOMER, ("authorized_person",)),
    ReasonCode.ADDRESS: Fix(FixBy.CUSTOMER, _ADDRESS),
    ReasonCode.POSTAL_CODE: Fix(FixBy.CUSTOMER, ("postal_code",)),
    ReasonCode.BILLING_NUMBER: Fix(FixBy.CUSTOMER, ("billing_number",)),
    ReasonCode.TAX_OR_ORG_ID: Fix(FixBy.CUSTOMER, ("subscriber_id",)),
    ReasonCode.FULL_OR_PARTIAL: Fix(FixBy.CARRIER_STAFF),
    ReasonCode.SPLIT_NEEDED: Fix(FixBy.US),
    ReasonCode.NUMBER_NOT_ON_ACCOUNT: Fix(FixBy.CUSTOMER, ("account_number",)),
    ReasonCode.NUMBER_INACTIVE: Fix(FixBy.AT_OLD_OPERATOR),
    ReasonCode.LOCKED_OR_FROZEN: Fix(FixBy.AT_OLD_OPERATOR),
    ReasonCode.PENDING_ORDER: Fix(FixBy.AT_OLD_OPERATOR),
    ReasonCode.SPECIAL_SERVICE: Fix(FixBy.AT_OLD_OPERATOR),
    ReasonCode.PREPAID: Fix(FixBy.AT_OLD_OPERATOR),
    ReasonCode.CUSTOMER_WITHDREW: Fix(FixBy.CUSTOMER),
    ReasonCode.NOT_PORTABLE: Fix(FixBy.NOT_FIXABLE),
    ReasonCode.BY_HAND_ONLY: Fix(FixBy.US),
    ReasonCode.LOA: Fix(FixBy.DOCUMENT),
    ReasonCode.DATE: Fix(FixBy.CUSTOMER, ("wished",)),
    ReasonCode.LOSING_CARRIER_SILENT: Fix(FixBy.CARRIER_STAFF),
    ReasonCode.REGISTRY_CONFLICT: Fix(FixBy.CARRIER_STAFF),
    ReasonCode.DUPLICATE_REQUEST: Fix(FixBy.US),
    ReasonCode.ALREADY_OURS: Fix(FixBy.US),
    ReasonCode.OTHER_OWNER: Fix(FixBy.CARRIER_STAFF),
    ReasonCode.OTHER: Fix(FixBy.CARRIER_STAFF),
}


def wrong_fields(codes: Iterable[str]) -> list[str]:
    """The form fields to enter again, each once, in the order of the reasons."""
    return list(dict.fromkeys(field for code in codes for field in FIXES[ReasonCode(code)].fields))


def only_staff(codes: Iterable[str]) -> bool:
    """Whether the customer can correct none of the reasons."""
    return {FIXES[ReasonCode(code)].by for code in codes} <= {FixBy.US, FixBy.CARRIER_STAFF}


def at_old_operator(codes: Iterable[str]) -> bool:
    """Whether the customer has to settle something with the old operator first."""
    return any(FIXES[ReasonCode(code)].by is FixBy.AT_OLD_OPERATOR for code in codes)


def needs_staff(codes: Iterable[str]) -> bool:
    """Whether our staff or the carrier's have to correct something, so that the porting desk has to look."""
    return any(FIXES[ReasonCode(code)].by in {FixBy.US, FixBy.CARRIER_STAFF} for code in codes)
