"""Tables from the carrier's words about ports to the contract's."""

from provisioning.contract.porting import NumberKind, PortStatus, Reason, ReasonCode

ORDERS = "/porting_orders"

# https://developers.telnyx.com/docs/numbers/porting: of an order, and so of each of its numbers; "in-process" is with
# the carrier's own staff. The last one is known from its filters alone.
STATUSES = {
    "draft": PortStatus.DRAFT,
    "in-process": PortStatus.IN_REVIEW,
    "submitted": PortStatus.WITH_LOSING_CARRIER,
    "exception": PortStatus.REJECTED,
    "foc-date-confirmed": PortStatus.SCHEDULED,
    "ported": PortStatus.PORTED,
    "cancel-pending": PortStatus.CANCEL_REQUESTED,
    "cancelled": PortStatus.CANCELED,
    "activation-in-progress": PortStatus.ACTIVATING,
}

# of the activation job of an order that has its date; a failed one is for the carrier's staff
JOB_STATUSES = {
    "created": PortStatus.SCHEDULED,
    "in-process": PortStatus.ACTIVATING,
    "completed": PortStatus.ACTIVATING,
}

# of the texts of an order, whose port begins when its numbers have come
TEXTS_FAILED = frozenset({"exception", "partial_port_complete"})

# https://developers.telnyx.com/api-reference/porting-orders/list-all-exception-types
REASONS = {
    "ACCOUNT_NUMBER_MISMATCH": ReasonCode.ACCOUNT_NUMBER,
    "AUTH_PERSON_MISMATCH": ReasonCode.AUTHORIZED_PERSON,
    "BTN_ATN_MISMATCH": ReasonCode.BILLING_NUMBER,
    "ENTITY_NAME_MISMATCH": ReasonCode.END_USER_NAME,
    "FOC_EXPIRED": ReasonCode.DATE,
    "FOC_REJECTED": ReasonCode.DATE,
    "LOA_ILLEGIBLE": ReasonCode.LOA,
    "LOCATION_MISMATCH": ReasonCode.ADDRESS,
    "LSR_PENDING": ReasonCode.PENDING_ORDER,
    "MAIN_BTN_PORTING": ReasonCode.BILLING_NUMBER,
    "OSP_IRRESPONSIVE": ReasonCode.LOSING_CARRIER_SILENT,
    "PASSCODE_PIN_INVALID": ReasonCode.PIN,
    "PHONE_NUMBER_HAS_SPECIAL_FEATURE": ReasonCode.SPECIAL_SERVICE,
    "PHONE_NUMBER_MISMATCH": ReasonCode.NUMBER_NOT_ON_ACCOUNT,
    "PHONE_NUMBER_NOT_PORTABLE": ReasonCode.NOT_PORTABLE,
    "PORTING_ORDER_SPLIT_REQUIRED": ReasonCode.SPLIT_NEEDED,
    "PORT_TYPE_INCORRECT": ReasonCode.FULL_OR_PARTIAL,
    "POSTAL_CODE_MISMATCH": ReasonCode.POSTAL_CODE,
    "RATE_CENTER_NOT_PORTABLE": ReasonCode.NOT_PORTABLE,
    "SV_CONFLICT": ReasonCode.REGISTRY_CONFLICT,
    "SV_UNKNOWN_FAILURE": ReasonCode.REGISTRY_CONFLICT,
}

# why a check said no; no other word is documented
NOT_PORTABLE = {"no_coverage": ReasonCode.NOT_PORTABLE}

# that a mobile number is one, the carrier tells of some only
KINDS = {
    "landline": NumberKind.LOCAL,
    "local": NumberKind.LOCAL,
    "mobile": NumberKind.MOBILE,
    "toll_free": NumberKind.TOLL_FREE,
}


def reason_of(code: str, text: str) -> Reason:
    """A reason with its code; one that is not listed is kept as OTHER."""
    return Reason(REASONS.get(code, ReasonCode.OTHER), carrier_code=code, carrier_text=text)
