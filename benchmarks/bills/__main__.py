"""`python -m benchmarks.bills` reads every bill of the corpus and prints how often its day is read right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from benchmarks.bills.corpus import LIMIT, Bill, bills
from service.porting.bill_dates import billed_on


@dataclass(slots=True)
class Score:
    """Counts over some bills; a question about a bill that is not old is a false alarm."""

    read: int = 0
    said: int = 0
    right: int = 0
    fresh: int = 0
    old: int = 0
    false_alarms: int = 0
    missed: int = 0

    def add(self, bill: Bill) -> None:
        """Read one bill and count what came of it."""
        day = _billed_on(bill)
        alarm = day is not None and bill.today - day > LIMIT
        self.read += 1
        self.said += day is not None
        self.right += day == bill.billed
        self.fresh += not bill.old
        self.old += bill.old
        self.false_alarms += alarm and not bill.old
        self.missed += bill.old and not alarm

    def row(self, name: str) -> str:
        """A line of the table in docs/bills.md."""
        shares = (
            (self.right, self.said),
            (self.right, self.read),
            (self.false_alarms, self.fresh),
            (self.missed, self.old),
        )
        percent = " | ".join(f"{100 * part / (whole or 1):.1f} %" for part, whole in shares)
        return f"| {name} | {self.read} | {percent} |"


@cache
def _billed_on(bill: Bill) -> date | None:
    """The day that is read on a bill, which counts in its language's row and in its part's."""
    return billed_on(bill.words, bill.today, bill.country)


def scored(of: Iterable[Bill]) -> Score:
    """How some bills were read."""
    score = Score()
    for bill in of:
        score.add(bill)
    return score


def table() -> Iterator[str]:
    """The lines of the table in docs/bills.md: each language of both parts, and the parts as wholes."""
    yield "| bills | | precision | recall | false alarms | old bills missed |"
    yield "|---|---|---|---|---|---|"
    for part, name in {"layouts": "known", "held_out": "held out"}.items():
        made = list(bills(part))
        for language in sorted({bill.language for bill in made}):
            yield scored(bill for bill in made if bill.language == language).row(f"{name}, {language}")
        yield scored(made).row(f"**{name}**")


if __name__ == "__main__":
    print(*table(), sep="\n")
