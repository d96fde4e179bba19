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

from service.porting.forwarding import DIAL, GSM, Forwarding, in_settings
from service.porting.regions import TERRITORIES

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
        "Not your voicemail PIN: ask your old operator for a transfer or port-out PIN, online or by phone. "
        "It is often valid for a few days only, so ask for it now and not earlier."
    ),
    lock="Switch off any number lock or port protection at your old operator first.",
)
_ELSEWHERE: Final = Operator(name="")

_BOTH: Final = frozenset({"account_number", "pin"})
_INTERNET: Final = Operator(
    name="",
    account="In the account's settings or on its invoice; if there is none, ask its support before you send.",
    pin="Ask its support for a transfer or port-out PIN, or look for it in the account's settings.",
    lock="Keep the subscription paid until the number has moved, and switch off any port protection in its settings.",
    news="Greetings, voicemails and texts stay there. Save what you need first.",
    forwarding=in_settings("In its settings, have calls forwarded to {number}."),
    internet=True,
    countries=_NORTH_AMERICA,
)

_KNOWN: Final = (
    (
        ("at&t wireless", "at&t mobility", "cingular"),
        Operator(
            name="AT&T",
            account="At the top right of the first page of the bill, or in the myAT&T app with the bill.",
            pin=(
                "Dial *PORT (*7678) from the phone with the number, or open your profile in myAT&T. The owner of the "
                "account gets six digits by text, good for all lines: for 4 days, on business accounts for 14."
            ),
            lock="Switch off Wireless Account Lock in the myAT&T app first, if you have it on.",
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
                "Dial #PORT (#7678) from the phone with the number, or open Number Transfer PIN in My Verizon. "
                "The owner or manager of the account gets it at once; it is good for 7 days."
            ),
            lock="Switch off Number Lock in My Verizon first, or the PIN will not work.",
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
            account="At the top of the bill, or under account details in the T-Life app. It is not the phone number.",
            pin=(
                "Dial #PORT# (#7678#) from the phone with the number, or ask for a transfer PIN in the T-Life app. "
                "The primary holder of the account gets it by text; it is good for 7 days."
            ),
            lock="Take Port Out Protection off the line in the T-Life app first. Only the primary holder can do that.",
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
            account="At the top of the first page of the bill, or in the Xfinity account online. It has 16 digits.",
            account_digits=frozenset({16}),
        ),
    ),
    (
        ("google voice", "google (grand central)"),
        replace(
            _INTERNET,
            name="Google Voice",
            account="It is the Google Voice number itself, its ten digits.",
            pin="It is the voicemail PIN: in Google Voice, open Settings, then Voicemail PIN, and choose a new one.",
            lock=(
                "Unlock the number in Google Voice first: Settings, then the number, then Unlock number. "
                "Numbers of Google Workspace are unlocked by its administrator."
            ),
            pin_life=timedelta(days=365),
            fee=(
                "Google takes $3 to unlock a number that it gave you. A number that you brought there from a mobile "
                "operator is unlocked without a fee."
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
            account="It is the Skype name or the e-mail address of the Microsoft account, with the last invoice.",
            lock="",
            news=(
                "Skype ended on May 5, 2025, and its subscriptions were last renewed on April 3, 2025. A Skype number "
                "lives only while a paid subscription or credit is active. Call it now: if it rings, it can still be "
                "asked for. If it is dead, it is gone, and nobody can move it."
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


def known_in(country: str) -> list[str]:
    """The names of the operators of a country (ISO code) of which something is known, in their alphabet's order."""
    return sorted((operator.name for _, operator in _KNOWN if country in operator.countries), key=str.casefold)
