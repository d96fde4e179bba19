"""Who has to hear that a call is recorded, by the countries and states of the people on it.

The member who takes or makes the call always hears it, since everywhere at least one person on a call has to agree.
The other person hears it too, unless the line goes by the law and no law asks for that. Which law holds, only numbers
can tell: the strictest of all ends counts, and an end of which nothing is known counts like the strictest.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from provisioning.contract.browser_phones import is_browser
from service.calls.area_codes import STATES
from service.calls.nodes import Plan
from service.phone_numbers import without_extension
from service.spending.destinations import country_of

AGREE_FIRST: Final[Mapping[str, str]] = {"AT": "§ 120 StGB", "CH": "Art. 179ter StGB", "DE": "§ 201 StGB"}
"""Countries where recording a talk without everybody's consent is a crime, so that lines there cannot be recorded."""

_INFORMED: Final = "BE BG CY CZ DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"

EVERYBODY: Final[Mapping[str, str]] = {
    "US-CA": "Cal. Penal Code §§ 632, 632.7",
    "US-CT": "Conn. Gen. Stat. § 52-570d",
    "US-DE": "Del. Code tit. 11, § 1335(a)(4)",
    "US-FL": "Fla. Stat. § 934.03(2)(d)",
    "US-IL": "720 Ill. Comp. Stat. 5/14-2",
    "US-MA": "Mass. Gen. Laws ch. 272, § 99",
    "US-MD": "Md. Code, Cts. & Jud. Proc. § 10-402(c)(3)",
    "US-MI": "Mich. Comp. Laws § 750.539c",
    "US-MT": "Mont. Code § 45-8-213(1)(c)",
    "US-NH": "N.H. Rev. Stat. § 570-A:2",
    "US-NV": "Nev. Rev. Stat. § 200.620",
    "US-PA": "18 Pa. Cons. Stat. § 5704(4)",
    "US-WA": "Wash. Rev. Code § 9.73.030",
    "CA": "PIPEDA, Schedule 1, 4.3",
    "GB": "UK GDPR, art. 13",
    **dict.fromkeys(_INFORMED.split(), "GDPR, art. 13"),
    **AGREE_FIRST,
}
"""Where everybody on a call has to know that it is recorded: by ISO 3166 code, with the law that says so.

Lists of the states differ; where they do, the stricter one is followed.
"""

_CONTENT_WITH_ONE: Final = (
    "AK AL AR AZ CO DC GA HI IA ID IN KS KY LA ME MN MO MS NC ND NE NJ NM NY OH OK OR RI SC SD TN TX UT VA WI WV WY"
)

ONE_PERSON: Final = frozenset(f"US-{state}" for state in _CONTENT_WITH_ONE.split())
"""States where the law of the state is content, as 18 U.S.C. § 2511(2)(d) is, if one person on the call agrees.

Vermont has no law of its own, and so counts as not known.
"""


class Why(StrEnum):
    """Why the other person hears of a recording or does not, where no place's code says it.

    ALWAYS: the line always says so. UNKNOWN: nobody knows where one end is. NOT_ASKED: no law asks for it.
    """

    ALWAYS = "always"
    UNKNOWN = "unknown"
    NOT_ASKED = "not-asked"


def why_announced(plan: Plan, numbers: Iterable[str]) -> str:
    """Why a call between these numbers is announced as recorded: a `Why`, or a key of `EVERYBODY`; "" if it is not."""
    if not plan.recorded:
        return ""
    return asked_for_by(numbers) if plan.announces_by_law else Why.ALWAYS


def asked_for_by(numbers: Iterable[str]) -> str:
    """The place whose law has everybody at these numbers hear of a recording, or UNKNOWN or NOT_ASKED.

    A member's browser is where the line's number is, as far as that is known at all.
    """
    places = {_place_of(number) for number in numbers if not is_browser(number)}
    strict = sorted(places & EVERYBODY.keys())
    return strict[0] if strict else Why.NOT_ASKED if places <= ONE_PERSON else Why.UNKNOWN


def is_announced(why: str) -> bool:
    """Whether somebody beside the member hears of the recording for this reason."""
    return why not in {"", Why.NOT_ASKED}


@lru_cache(maxsize=8192)
def _place_of(number: str) -> str:
    """The state of a number (E.164) in the United States, else its country; "" if that is not known."""
    country = country_of(without_extension(number))
    return STATES.get(number[2:5], "") if country == "US" else country
