"""Tables from the carrier's words to the contract's. Unlisted words become UNKNOWN or OTHER and are kept as written."""

import re

from provisioning.contract.browser_phones import SCHEME, browser_phone, is_browser
from provisioning.contract.callbacks import CallOutcome
from provisioning.contract.messaging import MessageStatus, Trouble
from provisioning.contract.porting import NumberKind, PortStatus, Reason, ReasonCode

# A number's status in one spelling. "pending" means that the losing carrier has accepted; without a date beside it
# the number is not SCHEDULED yet.
PORT_STATUSES = {
    "in_review": PortStatus.IN_REVIEW,
    "waiting_for_signature": PortStatus.AWAITING_SIGNATURE,
    "submitted": PortStatus.WITH_LOSING_CARRIER,
    "in_progress": PortStatus.WITH_LOSING_CARRIER,
    "pending": PortStatus.SCHEDULED,
    "completed": PortStatus.PORTED,
    "rejected": PortStatus.REJECTED,
    "canceling": PortStatus.CANCEL_REQUESTED,
    "canceled": PortStatus.CANCELED,
    "expired": PortStatus.EXPIRED,
}

NUMBER_KINDS = {"local": NumberKind.LOCAL, "mobile": NumberKind.MOBILE, "toll_free": NumberKind.TOLL_FREE}

# why a number cannot be ported, and why one was rejected: https://www.twilio.com/docs/api/errors
PORT_REASONS = {
    "22102": ReasonCode.NOT_PORTABLE,
    "22130": ReasonCode.NOT_PORTABLE,
    "22131": ReasonCode.ALREADY_OURS,
    "22132": ReasonCode.OTHER_OWNER,
    "22133": ReasonCode.BY_HAND_ONLY,
    "22136": ReasonCode.ALREADY_OURS,
    "22137": ReasonCode.DUPLICATE_REQUEST,
    "22150": ReasonCode.OTHER,
    "22151": ReasonCode.LOCKED_OR_FROZEN,
    "22152": ReasonCode.NUMBER_INACTIVE,
    "22153": ReasonCode.END_USER_NAME,
    "22154": ReasonCode.ADDRESS,
    "22155": ReasonCode.PIN,
    "22156": ReasonCode.ACCOUNT_NUMBER,
    "22158": ReasonCode.DATE,
    "22159": ReasonCode.NOT_PORTABLE,
}

# codes by name, for an answer without a code
PORT_REASON_NAMES = {
    "unsupported": "22130",
    "already_in_the_target_account": "22131",
    "already_in_twilio_different_owner": "22132",
    "manual_porting_available": "22133",
    "already_in_one_of_your_twilio_accounts": "22136",
    "contact_support_required": "22150",
    "phone_number_with_carrier_restriction": "22151",
    "phone_number_inactive_or_disconnected": "22152",
    "invalid_end_user_name": "22153",
    "invalid_address": "22154",
    "invalid_pin": "22155",
    "invalid_account_number": "22156",
}

MESSAGE_STATUSES = {
    "accepted": MessageStatus.QUEUED,
    "scheduled": MessageStatus.QUEUED,
    "queued": MessageStatus.QUEUED,
    "sending": MessageStatus.QUEUED,
    "sent": MessageStatus.SENT,
    "partially_delivered": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.DELIVERED,
    "undelivered": MessageStatus.UNDELIVERED,
    "failed": MessageStatus.FAILED,
    "canceled": MessageStatus.FAILED,
}

TROUBLES = {
    "21211": Trouble.BAD_RECIPIENT,
    "21217": Trouble.BAD_RECIPIENT,
    "21408": Trouble.NOT_PERMITTED,
    "21608": Trouble.BAD_RECIPIENT,
    "21612": Trouble.BAD_RECIPIENT,
    "21610": Trouble.OPTED_OUT,
    "21614": Trouble.LANDLINE,
    "21635": Trouble.LANDLINE,
    "30006": Trouble.LANDLINE,
    "21212": Trouble.SENDER_NOT_READY,
    "21606": Trouble.SENDER_NOT_READY,
    "21659": Trouble.SENDER_NOT_READY,
    "21660": Trouble.SENDER_NOT_READY,
    "21661": Trouble.SENDER_NOT_READY,
    "30024": Trouble.SENDER_NOT_READY,
    "30035": Trouble.SENDER_NOT_READY,
    "30032": Trouble.NOT_REGISTERED,
    "30034": Trouble.NOT_REGISTERED,
    "30007": Trouble.FILTERED,
    "30003": Trouble.UNREACHABLE,
    "30005": Trouble.UNREACHABLE,
    "21617": Trouble.TOO_LONG,
    "21620": Trouble.BAD_MEDIA,
    "21623": Trouble.BAD_MEDIA,
}

CALL_OUTCOMES = {
    "completed": CallOutcome.ANSWERED,
    "answered": CallOutcome.ANSWERED,
    "busy": CallOutcome.BUSY,
    "no_answer": CallOutcome.NO_ANSWER,
    "canceled": CallOutcome.NO_ANSWER,
    "failed": CallOutcome.FAILED,
}


def address_of(dialed: str) -> str:
    """What is dialed in the carrier's words: a browser is a *client* (https://www.twilio.com/docs/voice/twiml/client)."""
    return f"client:{dialed.removeprefix(SCHEME)}" if is_browser(dialed) else dialed


def dialed_at(address: str) -> str:
    """The same in our words."""
    return browser_phone(address.removeprefix("client:")) if address.startswith("client:") else address


def split_extension(dialed: str) -> tuple[str, str]:
    """A number without its extension, and the keys that dial that after pick-up: `w` waits for half a second.

    https://www.twilio.com/docs/voice/twiml/number#attributes
    """
    number, _, extension = dialed.partition(";ext=")
    return number, f"ww{extension}" if extension else ""


def evened(word: object) -> str:
    """Even out the spelling: the carrier writes `In Review`, `in_review`, `TOLL-FREE` and `cancelled`."""
    return re.sub(r"[\s-]+", "_", str(word or "").strip().lower()).replace("cancell", "cancel")


def port_status(word: object) -> PortStatus:
    """The status for a number's status word, in any spelling, with or without `port_` before it."""
    return PORT_STATUSES.get(evened(word).removeprefix("port_"), PortStatus.UNKNOWN)


def number_kind(word: object) -> NumberKind:
    """The kind of number for the carrier's word."""
    return NUMBER_KINDS.get(evened(word), NumberKind.UNKNOWN)


def port_reason(code: object, name: object) -> Reason:
    """A reason from its code (a number or a string) or, without one, from its name."""
    carrier_code = str(code or "") or PORT_REASON_NAMES.get(evened(name), "")
    return Reason(PORT_REASONS.get(carrier_code, ReasonCode.OTHER), carrier_code, str(name or ""))


def trouble(code: object) -> Trouble | None:
    """Why a message failed, or None without an error code."""
    return TROUBLES.get(str(code), Trouble.OTHER) if code else None
