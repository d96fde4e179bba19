"""Old operators: where their customers find the account number and the transfer PIN.

Registries name operators in many spellings, so they are known by parts of those names. What is said here was published
by the operators in 2025 and 2026; the menus move, so only the way is told and not each tap. Where sources disagree on
how long a PIN lives, the shorter time stands. https://www.verizon.com/support/port-out-faqs/
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator by the name people use ("" while it is not known), and sentences of advice in English.

    `account` is where the account number is found, `pin` how to get the transfer PIN, `lock` what has to be switched
    off first ("" for nothing we know of). `pin_life` is how long such a PIN is good for, at the least.
    """

    name: str
    account: str
    pin: str
    lock: str
    pin_life: timedelta


SECURITY_TEXT: Final = (
    "Your old operator may text or call you to ask whether this move is yours. Say yes, and do not stop it."
)
"""United States: operators must tell a customer of every request to move a number (47 CFR 52.37)."""

_ANY: Final = Operator(
    name="",
    account="It is on the bill, often as customer or account number.",
    pin=(
        "Not your voicemail PIN: ask your old operator for a transfer or port-out PIN, online or by phone. "
        "It is often valid for a few days only, so ask for it now and not earlier."
    ),
    lock="Switch off any number lock or port protection at your old operator first.",
    pin_life=timedelta(days=4),
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
            pin_life=timedelta(days=4),
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
        ),
    ),
)


def operator_called(registered: str) -> Operator:
    """The operator that a registry calls by this name; one we know nothing of has advice that fits most.

    Registries write an operator's trade name or its own supplier behind a dash.
    """
    written = registered.casefold()
    for parts, operator in _KNOWN:
        if any(part in written for part in parts):
            return operator
    return replace(_ANY, name=registered.split(" - ", maxsplit=1)[0])
