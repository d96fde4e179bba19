"""Old operators: where their customers find the account number and the transfer PIN.

Registries name operators in many spellings, so they are known by parts of those names. What is said here was published
by the operators in 2025 and 2026; the menus move, so only the way is told and not each tap. Where sources disagree on
how long a PIN lives, the shorter time stands. https://www.verizon.com/support/port-out-faqs/,
https://support.google.com/voice/answer/1065667, https://support.microsoft.com/skype
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from provisioning.regions import TERRITORIES
from service.porting.forwarding import DIAL, GSM, Forwarding, in_settings

_AMERICA: Final = frozenset({"US", *TERRITORIES})
_NORTH_AMERICA: Final = _AMERICA | {"CA"}


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator by the name people use ("" while it is not known), and sentences of advice in English.

    `account` is where the account number is found, `pin` how to get the transfer PIN, `lock` what has to be switched
    off first; each is "" where nothing is known. `pin_life` is how long such a PIN is good for, at the least. `fee` is
    what it takes for the move, `news` what else has to be known of it. It `insists` on an answer to these fields.
    `forwarding` is how its customers forward calls, None where its country's usual ways hold. `internet` is whether its
    numbers are internet numbers. `account_digits` is how many digits its account numbers have, where that is known.
    """

    name: str
    account: str = ""
    pin: str = ""
    lock: str = ""
    pin_life: timedelta = timedelta(days=4)
    fee: str = ""
    news: str = ""
    insists: AbstractSet[str] = frozenset()
    forwarding: Forwarding | None = None
    internet: bool = False
    account_digits: AbstractSet[int] = frozenset()
    countries: AbstractSet[str] = _AMERICA


_ANY: Final = Operator(
    name="",
    pin=(
        "Not your voicemail PIN. Ask your provider for a transfer PIN or port-out PIN, online or by phone. It"
        " often works for a few days only, so get it now."
    ),
    lock="First turn off any number lock or port protection with your provider.",
)
_ELSEWHERE: Final = Operator(name="")

_BOTH: Final = frozenset({"account_number", "pin"})
_INTERNET: Final = Operator(
    name="",
    account=(
        "In the account settings or on the invoice. If there is none, ask their support before you send the request."
    ),
    pin="Ask their support for a transfer PIN or port-out PIN, or look in the account settings.",
    lock="Keep the subscription paid until the number has moved, and turn off port protection in its settings.",
    news="Greetings, voicemails, and texts stay there. Save what you need first.",
    forwarding=in_settings("In its settings, forward calls to {number}."),
    internet=True,
    countries=_NORTH_AMERICA,
)

_KNOWN: Final = (
    (
        ("at&t wireless", "at&t mobility", "cingular"),
        Operator(
            name="AT&T",
            account="At the top right of the bill’s first page, or with the bill in the myAT&T app.",
            pin=(
                "Dial *PORT (*7678) from the phone with this number, or open your profile in myAT&T. The "
                "account owner gets six digits by text. They work for all lines for 4 days, or 14 days on "
                "business accounts."
            ),
            lock="First turn off Wireless Account Lock in the myAT&T app, if it’s on.",
            insists=_BOTH,
            forwarding=GSM,
            account_digits=frozenset({9, 12}),
        ),
    ),
    (
        ("verizon wireless", "cellco"),
        Operator(
            name="Verizon",
            account="At the top of the first page of the bill, or in My Verizon. It often ends in -00001.",
            pin=(
                "Dial #PORT (#7678) from the phone with this number, or open Number Transfer PIN in My "
                "Verizon. The account owner or manager gets it right away. It works for 7 days."
            ),
            lock="First turn off Number Lock in My Verizon, or the PIN won’t work.",
            pin_life=timedelta(days=7),
            insists=_BOTH,
            forwarding=DIAL,
            account_digits=frozenset({14}),
        ),
    ),
    (
        ("t-mobile", "metropcs", "sprint spectrum"),
        Operator(
            name="T-Mobile",
            account="At the top of the bill, or under account details in the T-Life app. It’s not the phone number.",
            pin=(
                "Dial #PORT# (#7678#) from the phone with this number, or ask for a transfer PIN in the "
                "T-Life app. The primary account holder gets it by text. It works for 7 days."
            ),
            lock=(
                "First turn off Port Out Protection for the line in the T-Life app. Only the primary account"
                " holder can do that."
            ),
            pin_life=timedelta(days=7),
            insists=_BOTH,
            forwarding=GSM,
            account_digits=frozenset({9}),
        ),
    ),
    (
        ("comcast", "xfinity"),
        replace(
            _ANY,
            name="Xfinity (Comcast)",
            account="At the top of the bill’s first page, or in your Xfinity account online. It has 16 digits.",
            account_digits=frozenset({16}),
        ),
    ),
    (
        ("google voice", "google (grand central)"),
        replace(
            _INTERNET,
            name="Google Voice",
            account="It’s the Google Voice number itself, all ten digits.",
            pin="It’s the voicemail PIN. In Google Voice, open Settings, then Voicemail PIN, and choose a new one.",
            lock=(
                "First unlock the number in Google Voice: Settings, then the number, then Unlock number. In "
                "Google Workspace, your administrator does it."
            ),
            pin_life=timedelta(days=365),
            fee=(
                "Google charges $3 to unlock a number it gave you. A number you brought there from a mobile "
                "provider unlocks for free."
            ),
            insists=_BOTH,
            account_digits=frozenset({10}),
            forwarding=in_settings("In Google Voice, open Settings, then Linked numbers, and add {number}."),
            countries=_AMERICA,
        ),
    ),
    (
        ("skype",),
        replace(
            _INTERNET,
            name="Skype",
            account="It’s the Skype name or the email address of the Microsoft account, with the last invoice.",
            lock="",
            news=(
                "Skype ended on May 5, 2025, and its subscriptions last renewed on April 3, 2025. A Skype "
                "number works only while a paid subscription or credit is active. Call it now. If it rings, "
                "we can still ask for it. If it doesn’t, it’s gone, and no one can transfer it."
            ),
            countries=_NORTH_AMERICA | {"SE"},
        ),
    ),
    *(
        (parts, replace(_INTERNET, name=name))
        for name, parts in {
            "8x8": ("8x8",),
            "Dialpad": ("dialpad",),
            "Grasshopper": ("grasshopper",),
            "magicJack": ("magicjack", "ymax"),
            "Nextiva": ("nextiva",),
            "Ooma": ("ooma",),
            "Quo (OpenPhone)": ("openphone", "quo "),
            "RingCentral": ("ringcentral",),
            "TextNow": ("textnow",),
            "Vonage": ("vonage",),
            "Zoom Phone": ("zoom phone", "zoom voice"),
        }.items()
    ),
)


def operator_called(registered: str, country: str = "US") -> Operator:
    """The operator that a registry or a customer in a country (ISO code) calls by this name.

    One we know nothing of has advice that fits most of its country. Registries write an operator's trade name or its
    own supplier behind a dash. By the name of a brand its landlines are called too, so nothing is insisted on.
    """
    written = f"{registered.casefold()} "
    for parts, operator in _KNOWN:
        if country in operator.countries and any(part in written for part in parts):
            return operator
    for _, operator in _KNOWN:
        if country in operator.countries and operator.name.casefold() == registered.casefold():
            return replace(operator, insists=frozenset())
    usual = _ANY if country in _AMERICA else _ELSEWHERE
    return replace(usual, name=registered.split(" - ", maxsplit=1)[0])


def with_internet_numbers() -> list[Operator]:
    """The operators whose numbers are internet numbers, in their alphabet's order."""
    return sorted((one for _, one in _KNOWN if one.internet), key=lambda one: one.name.casefold())


def known_in(country: str) -> list[str]:
    """The names of the operators of a country (ISO code) of which something is known, in their alphabet's order."""
    return sorted((operator.name for _, operator in _KNOWN if country in operator.countries), key=str.casefold)
