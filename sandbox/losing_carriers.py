"""Losing carriers with characters: how soon they answer, what they object to, whether they keep their dates.

The operator of a number decides, and so its last four digits (table in README.md). What an operator does by chance
follows from the number, how often it was asked, and the seed: the same world goes the same way twice.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sandbox.operators import operator_of
from sandbox.porting.dates import business_day
from sandbox.scenarios import GOOD_ACCOUNT_NUMBER, GOOD_PIN, is_mobile

OPENS, CLOSES = 14, 22
"""The hours (UTC) between which people at losing carriers answer: their working day in the east of the US."""

FORGOTTEN = 15
"""Business days after which a request that was forgotten is found again, if nobody asks about it."""

Days = tuple[int, ...]
"""Business days, each as likely as the others."""


@dataclass(frozen=True, slots=True)
class Character:
    """How a losing carrier treats requests.

    It takes some days to answer, and commits to a day so many days later or, where one is wished for, mostly to that.
    Of a hundred requests it `forgets`, gives a `later` day than was wished, and `slips` on the day itself, so many.
    A strict one compares the whole request with its record of the customer, the others the account number and PIN.
    """

    answers: Days
    leads: Days
    strict: bool = False
    forgets: int = 0
    later: int = 0
    slips: int = 0


CHARACTERS: Mapping[str, Character] = {
    "Rehearsal Telephone": Character(answers=(0, 0, 0, 1, 1, 2), leads=(5, 5, 6, 6, 6, 7, 7, 8, 9)),
    "Rehearsal Cable": Character(answers=(1, 1, 2, 2, 3), leads=(5, 6, 6, 7, 7, 8, 9), strict=True, later=10),
    "Rehearsal Rural": Character(
        answers=(3, 4, 4, 5, 6, 8), leads=(7, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 12, 13, 15), later=30
    ),
    "Rehearsal Exchange": Character(answers=(1, 1, 2), leads=(5, 6, 6, 7, 7, 8), forgets=15),
    "Rehearsal Voice": Character(answers=(1, 1, 2, 2), leads=(5, 5, 6, 6, 7, 8), slips=25, later=20),
    "Rehearsal Mobile": Character(answers=(0, 0, 0, 0, 1), leads=(5, 5, 5, 6, 6, 7, 8)),
}


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """What a losing carrier knows of its customer."""

    name: str = "Alice Plumbing"
    street: str = "1 Main St"
    postal_code: str = "94103"
    account_number: str = GOOD_ACCOUNT_NUMBER


DIFFERENCES = (
    *(CustomerRecord() for _ in range(16)),
    CustomerRecord(name="Alice Plumbing Incorporated"),
    CustomerRecord(postal_code="94107", street="200 Berry St"),
    CustomerRecord(account_number="1000200031"),
    CustomerRecord(account_number="77-0451-220"),
)
"""One customer in five is in the books otherwise than they think; each row is as likely as the others."""


def character_of(phone_number: str) -> Character | None:
    """The character of a number's losing carrier; None if it has none, and acts by the other magic numbers alone."""
    operator = operator_of(phone_number)
    return CHARACTERS.get(operator.name) if operator else None


def record_of(phone_number: str, seed: int = 0) -> CustomerRecord:
    """The record of a number's customer at a losing carrier with a character."""
    return _chance(phone_number, "record", seed).choice(DIFFERENCES)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a losing carrier reads it, for the `turn`th time, from 1; "" where nothing was said."""

    phone_number: str
    turn: int
    seed: int = 0
    name: str = ""
    postal_code: str = ""
    account_number: str = ""
    pin: str = ""
    wished: date | None = None

    def happens(self, percent: int, what: str) -> bool:
        """Whether something of this chance happens."""
        return _chance(self.phone_number, what, self.seed, self.turn).randrange(100) < percent

    def drawn(self, days: Days, what: str) -> int:
        """One of these numbers of days."""
        return _chance(self.phone_number, what, self.seed, self.turn).choice(days)

    def at(self, day: date, what: str) -> datetime:
        """An hour of the working day."""
        hour = _chance(self.phone_number, what, self.seed, self.turn).randrange(OPENS, CLOSES)
        return datetime.combine(day, time(hour), UTC)


def answered_at(character: Character, asked: Asked, sent: datetime) -> datetime:
    """The moment of the answer to a request that was sent at a moment."""
    forgotten = asked.happens(character.forgets, "forgets")
    days = FORGOTTEN if forgotten else asked.drawn(character.answers, "answers")
    first = sent.date() if sent.hour < OPENS else sent.date() + timedelta(days=1)
    return asked.at(business_day(first, days), "answers at")


def objection(character: Character, asked: Asked) -> int | None:
    """The code of a rejection (22153 to 22156) if the request does not match the record of the customer."""
    record = record_of(asked.phone_number, asked.seed)
    wrong = {
        22156: asked.account_number not in {"", record.account_number},
        22155: is_mobile(asked.phone_number) and asked.pin != GOOD_PIN,
        22153: character.strict and _bare(asked.name) != _bare(record.name),
        22154: character.strict and asked.postal_code != record.postal_code,
    }
    return next((code for code, is_wrong in wrong.items() if is_wrong), None)


def committed_day(character: Character, asked: Asked, today: date) -> date:
    """The day to which a losing carrier commits: that which is wished for, a later one, or as soon as it can."""
    if asked.wished is None or asked.wished <= today:
        return business_day(today, asked.drawn(character.leads, "leads"))
    return business_day(asked.wished, 2 if asked.happens(character.later, "later") else 0)


def slips(character: Character, asked: Asked) -> bool:
    """Whether nothing happens on the port day, and the date moves to the next business day."""
    return asked.happens(character.slips, "slips")


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _chance(phone_number: str, what: str, seed: int, turn: int = 0) -> random.Random:
    return random.Random(f"{seed} {phone_number} {what} {turn}")  # noqa: S311 -- repeatable, not secret
