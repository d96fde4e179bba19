"""The magic numbers of porting orders: what the last four digits of a number lead to (tables in README.md)."""

from collections.abc import Sequence

from sandbox.operators import operator_of
from sandbox.scenarios import GOOD_ACCOUNT_NUMBER, GOOD_PIN, carries_texts, country, is_toll_free
from sandbox.telnyx.errors import Json

NO_COVERAGE = "no_coverage"
NOT_PORTABLE = {"2130": NO_COVERAGE, "2132": "other"}
EXCEPTIONS = {
    "2150": ["OTHER"],
    "2151": ["PHONE_NUMBER_HAS_SPECIAL_FEATURE"],
    "2153": ["ENTITY_NAME_MISMATCH"],
    "2154": ["LOCATION_MISMATCH"],
    "2155": ["PASSCODE_PIN_INVALID"],
    "2156": ["ACCOUNT_NUMBER_MISMATCH"],
    "2158": ["FOC_REJECTED"],
    "2159": ["PHONE_NUMBER_NOT_PORTABLE"],
    "2161": ["AUTH_PERSON_MISMATCH"],
    "2162": ["BTN_ATN_MISMATCH"],
    "2164": ["LSR_PENDING"],
    "2165": ["MAIN_BTN_PORTING"],
    "2166": ["OSP_IRRESPONSIVE"],
    "2167": ["PHONE_NUMBER_MISMATCH"],
    "2168": ["PORT_TYPE_INCORRECT"],
    "2169": ["PORTING_ORDER_SPLIT_REQUIRED"],
    "2170": ["POSTAL_CODE_MISMATCH"],
    "2171": ["RATE_CENTER_NOT_PORTABLE"],
    "2172": ["SV_CONFLICT"],
    "2173": ["SV_UNKNOWN_FAILURE"],
    "2174": ["LOA_ILLEGIBLE"],  # in an example of the documents, but not in their list of codes
    "2175": ["ACCOUNT_NUMBER_MISMATCH", "PASSCODE_PIN_INVALID"],
    "2176": ["SOMETHING_NEW"],
}
"""The codes of an exception at the losing carrier."""

EXPIRES_AT_FOC, CREATE_REFUSED = "2163", "2137"
TEXTS_STUCK, TEXTS_PARTIAL, NO_TEXTS = "4210", "4212", "4213"
FAST, SPLITS_AT_ONCE, SPLITS_LATER, NEEDS_CODES, NEEDS_ASSOCIATED, EARLY, NEEDS_PAPERS = (
    str(ending) for ending in range(4501, 4508)
)


def kind(number: str) -> tuple[str, str]:
    """Country and kind of a number: those of one order are alike."""
    return ("US", "toll_free") if is_toll_free(number) else (country(number) or "US", "local")


def group(number: str) -> tuple[str, ...]:
    """What numbers of one draft have in common: country, kind, old operator, whether they come fast."""
    operator = operator_of(number)
    apart = number if number.endswith(SPLITS_AT_ONCE) else ""
    return (*kind(number), operator.name if operator else "", str(is_fast([number])), apart)


def is_fast(numbers: Sequence[str]) -> bool:
    """Whether the minute at which these numbers come can be chosen."""
    return numbers[0].endswith(FAST)


def texts_can_come(numbers: Sequence[str]) -> bool:
    """Whether an order can bring the texts of its numbers along."""
    return all(carries_texts(each) or each.endswith(TEXTS_PARTIAL) for each in numbers) and not ends(numbers, NO_TEXTS)


def ends(numbers: Sequence[str], ending: str) -> bool:
    """Whether any of the numbers ends like this."""
    return any(number.endswith(ending) for number in numbers)


def objections(numbers: Sequence[str], admin: Json) -> list[str]:
    """The codes with which the losing carrier objects to numbers, and to what was filled in about its customer."""
    found = [code for number in numbers for code in EXCEPTIONS.get(number[-4:], ())]
    if admin.get("pin_passcode") != GOOD_PIN and ends(numbers, "3155"):
        found.append("PASSCODE_PIN_INVALID")
    if admin.get("account_number") != GOOD_ACCOUNT_NUMBER and ends(numbers, "3156"):
        found.append("ACCOUNT_NUMBER_MISMATCH")
    return list(dict.fromkeys(found))
