"""Who asks for a number of an account: owners who move away, and those who must not have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Given(StrEnum):
    """Whether something that the old operator asks for is given, and right."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks through another operator, with what they know of the account."""

    operator: str
    account_number: Given
    pin: Given

    def knows(self, account_number: str, pin: str) -> tuple[str, str]:
        """What they give as account number and PIN where these are the right ones."""
        return _given(self.account_number, account_number), _given(self.pin, pin)


ASKERS: Mapping[str, Asker] = {
    "owner": Asker("Rehearsal Telephone", Given.RIGHT, Given.RIGHT),
    "owner_without_pin": Asker("Rehearsal Mobile", Given.RIGHT, Given.NOT),
    # knows the account number, of an old bill, and guesses
    "thief": Asker("Rehearsal Voice", Given.RIGHT, Given.WRONG),
    # knows everything, of the mailbox of the owner
    "thief_with_pin": Asker("Rehearsal Voice", Given.RIGHT, Given.RIGHT),
    # wants another number, and mistyped it
    "mistaken": Asker("Rehearsal Cable", Given.WRONG, Given.NOT),
}
"""By name. An owner and a thief who knows everything ask alike: only the owner of the number can tell them apart."""


def _given(how: Given, right: str) -> str:
    return {Given.RIGHT: right, Given.WRONG: "0000000000", Given.NOT: ""}[how]
