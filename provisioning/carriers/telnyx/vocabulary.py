"""Tables from the carrier's words to the contract's; words that are not listed are told or become OTHER."""

from provisioning.contract.callbacks import CallOutcome
from provisioning.contract.messaging import MessageStatus, Trouble

# of a recipient; "delivery_unconfirmed" is final at the carrier, but nobody knows whether the text arrived
MESSAGE_STATUSES = {
    "queued": MessageStatus.QUEUED,
    "sending": MessageStatus.QUEUED,
    "sent": MessageStatus.SENT,
    "delivery_unconfirmed": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "delivery_failed": MessageStatus.UNDELIVERED,
    "sending_failed": MessageStatus.FAILED,
    "expired": MessageStatus.FAILED,
}

# why a text was refused or not delivered: https://developers.telnyx.com/api-reference/errors
TROUBLES = {
    "40300": Trouble.OPTED_OUT,
    "40001": Trouble.LANDLINE,
    "40012": Trouble.BAD_RECIPIENT,
    "40309": Trouble.BAD_RECIPIENT,
    "40310": Trouble.BAD_RECIPIENT,
    **dict.fromkeys(
        ("40013", "40100", "40150", "40151", "40155", "40305", "40308", "40320", "40323", "40330"),
        Trouble.SENDER_NOT_READY,
    ),
    **dict.fromkeys(("40010", "40019", "40329", "47000"), Trouble.NOT_REGISTERED),
    **dict.fromkeys(("40002", "40003", "40015", "40017", "40020", "40322"), Trouble.FILTERED),
    **dict.fromkeys(("40004", "40005", "40006", "40008", "40014"), Trouble.UNREACHABLE),
    "40302": Trouble.TOO_LONG,
    "40328": Trouble.TOO_LONG,
    "40317": Trouble.BAD_MEDIA,
}

CALL_OUTCOMES = {
    "completed": CallOutcome.ANSWERED,
    "answered": CallOutcome.ANSWERED,
    "busy": CallOutcome.BUSY,
    "no-answer": CallOutcome.NO_ANSWER,
    "canceled": CallOutcome.NO_ANSWER,
    "failed": CallOutcome.FAILED,
}


def trouble(code: str) -> Trouble:
    """Why a text did not arrive, by the code of an error."""
    return TROUBLES.get(code, Trouble.OTHER)
