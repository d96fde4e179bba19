"""Magic numbers: the last four digits of a number choose its scenario (tables in README.md)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers

from sandbox.records import Leg, Number

GOOD_ACCOUNT_NUMBER = "1000200030"
GOOD_PIN = "4242"
NANP = re.compile(r"\+1[2-9]\d{9}")

PORTABILITY_REASONS = {
    22130: "UNSUPPORTED",
    22131: "ALREADY_IN_THE_TARGET_ACCOUNT",
    22132: "ALREADY_IN_TWILIO_DIFFERENT_OWNER",
    22133: "MANUAL_PORTING_AVAILABLE",
    22135: "ERROR_INTERNAL_SERVER_ERROR",
    22136: "ALREADY_IN_ONE_OF_YOUR_TWILIO_ACCOUNTS",
    # Twilio lists this code without its name; the name is ours
    22137: "PORT_IN_ALREADY_IN_PROGRESS",
}

REJECTION_REASONS = {
    22150: "CONTACT_SUPPORT_REQUIRED",
    22151: "PHONE_NUMBER_WITH_CARRIER_RESTRICTION",
    22152: "PHONE_NUMBER_INACTIVE_OR_DISCONNECTED",
    22153: "INVALID_END_USER_NAME",
    22154: "INVALID_ADDRESS",
    22155: "INVALID_PIN",
    22156: "INVALID_ACCOUNT_NUMBER",
    22157: "INVALID_SUBSCRIPTION_RIGHT",
    22158: "PORT_DATE_REJECTED",
    22159: "PHONE_NUMBER_NOT_PORTABLE",
}


@dataclass(frozen=True, slots=True)
class Astray:
    """A leg that goes to the old operator after completion, from one network or all, for a time or until `mend`."""

    leg: Leg
    network: str = ""
    lasting: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to a number. By default everything goes well."""

    not_portable: int | None = None
    rejected: int | None = None
    needs_pin: bool = False
    needs_account: bool = False
    early: bool = False
    moves: bool = False
    withdrawn: bool = False
    slips: bool = False
    appears: timedelta | None = None
    texts_late: timedelta = timedelta(0)
    astray: tuple[Astray, ...] = ()
    cancelled_at_the_end: bool = False
    rejected_at_the_end: bool = False
    texts: bool = True
    texting_error: int | None = None
    texting_error_for: timedelta | None = None
    signature_expires: timedelta | None = None
    mailed: bool = True
    linked: bool = True
    cancel_refused: bool = False
    cancel_waits: bool = False
    cancel_too_late: bool = False


_PLAIN = Scenario()
_SCENARIOS = {
    **{str(code)[-4:]: Scenario(not_portable=code) for code in PORTABILITY_REASONS},
    **{str(code)[-4:]: Scenario(rejected=code) for code in REJECTION_REASONS},
    "3100": Scenario(needs_pin=True, needs_account=True),
    "3155": Scenario(needs_pin=True),
    "3156": Scenario(needs_account=True),
    "4101": Scenario(early=True),
    "4102": Scenario(moves=True),
    "4103": Scenario(withdrawn=True),
    "4104": Scenario(slips=True),
    "4201": Scenario(appears=timedelta(days=-2)),
    "4202": Scenario(appears=timedelta(minutes=10)),
    "4203": Scenario(appears=timedelta(days=1)),
    "4204": Scenario(texts_late=timedelta(hours=2)),
    "4205": Scenario(cancelled_at_the_end=True),
    "4206": Scenario(rejected_at_the_end=True),
    "4207": Scenario(texting_error=30034),
    "4208": Scenario(texting_error=30035, texting_error_for=timedelta(days=1)),
    "4209": Scenario(astray=tuple(Astray(leg, "T-Mobile USA, Inc.", timedelta(hours=6)) for leg in Leg)),
    "4210": Scenario(astray=(Astray(Leg.TEXTS),)),
    "4211": Scenario(astray=(Astray(Leg.VOICE, lasting=timedelta(hours=1)),)),
    "4212": Scenario(texts=False),
    "4301": Scenario(signature_expires=timedelta(days=3), mailed=False, linked=False),
    "4302": Scenario(signature_expires=timedelta(hours=1)),
    "4303": Scenario(linked=False),
    "4401": Scenario(cancel_refused=True),
    "4402": Scenario(cancel_waits=True),
    "4403": Scenario(cancel_too_late=True),
}

# the error of a text to an outside phone, by the phone's last four digits
UNDELIVERED = {"3003": 30003, "3005": 30005, "3006": 30006, "3007": 30007, "3008": 30008, "3024": 30024}
JUMBLED = "3009"


def scenario(phone_number: str) -> Scenario:
    """The scenario of a number in E.164."""
    return _SCENARIOS.get(phone_number[-4:], _PLAIN)


def texting_error(number: Number, now: datetime) -> int | None:
    """The code of the first carrier with which texts from a number come back now because of its scenario, or None."""
    special = scenario(number.phone_number)
    lasting, since = special.texting_error_for, number.voice_from
    over = lasting is not None and (since is None or now >= since + lasting)
    return None if over else special.texting_error


def is_mobile(phone_number: str) -> bool:
    """Whether the sandbox treats a number as a mobile. NANP numbers do not show it, so the last digits decide."""
    return phone_number[-4:] == "3100" or phone_number[-4:-3] == "6"


def country(phone_number: str) -> str | None:
    """The ISO country of a possible number in E.164, or None."""
    try:
        parsed = phonenumbers.parse(phone_number)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(parsed) if phonenumbers.is_possible_number(parsed) else None


def is_nanp(phone_number: str) -> bool:
    """Whether this is a complete NANP number. Toll-free ones may belong to no single country."""
    return bool(NANP.fullmatch(phone_number))


def is_toll_free(phone_number: str) -> bool:
    """Whether the number is toll-free."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone_number))
    return kind == phonenumbers.PhoneNumberType.TOLL_FREE


def carries_texts(phone_number: str) -> bool:
    """Whether a number can send and receive texts. Where mobile numbers look different, fixed ones cannot."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone_number))
    return scenario(phone_number).texts and kind != phonenumbers.PhoneNumberType.FIXED_LINE


def portability_code(phone_number: str) -> int | None:
    """The code why a number cannot be ported whatever the account holds, or None."""
    by_magic = scenario(phone_number).not_portable
    if by_magic or country(phone_number) == "US":
        return 22133 if by_magic is None and is_toll_free(phone_number) else by_magic
    return 22133 if is_nanp(phone_number) else 22130
