"""Porting numbers in by hand: each order is an entry in the porting desk's worklist, and so is its answer."""

from datetime import datetime, timedelta

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.errors import NotFound
from provisioning.contract.porting import (
    CancelAnswer,
    ChangeAnswer,
    Filing,
    NumberKind,
    OrderSnapshot,
    Portability,
    PortStatus,
    Reason,
    ReasonCode,
    Verdict,
)
from provisioning.contract.porting_rules import LetterMode, PortingCapabilities, UsualTime
from provisioning.contract.worklist import Worklist

KINDS = {
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.LOCAL,
}

ON_ITS_WAY = frozenset({PortStatus.ACTIVATING, PortStatus.PORTED})


TERRITORIES = ("AS", "GU", "MP", "PR", "VI")
"""Territories of the United States, which follow its rules."""


class ManualPorting:
    """The porting facet. A toll-free number counts as one of the country whose rules it follows."""

    capabilities = PortingCapabilities(
        countries=frozenset({"US", *TERRITORIES, "CA", "SE"}),
        lead_days=5,
        cancel_cutoff=timedelta(hours=48),
        letter=LetterMode.UPLOAD,
        largest_order=1000,
        # what gaining operators quote
        usual_times=(
            UsualTime("US", 3, 7, NumberKind.TOLL_FREE),
            UsualTime("US", 5, 15),
            *(UsualTime(territory, 5, 15) for territory in TERRITORIES),
            UsualTime("CA", 10, 15),
            UsualTime("SE", 5, 12, NumberKind.MOBILE),
            UsualTime("SE", 10, 12),
        ),
        changes_in_place=True,
    )

    def __init__(self, worklist: Worklist) -> None:
        self._worklist = worklist

    def check(self, number: str) -> Portability:
        """Answer from the number's country. The old operator is not asked before filing."""
        parsed = phonenumbers.parse(number)
        kind = KINDS.get(phonenumbers.number_type(parsed), NumberKind.UNKNOWN)
        if phonenumbers.region_code_for_number(parsed) in self.capabilities.countries:
            return Portability(number, Verdict.YES, kind)
        return Portability(number, Verdict.NO, kind, reason=Reason(ReasonCode.NOT_PORTABLE))

    def submit(self, filing: Filing) -> list[OrderSnapshot]:
        """Put the filing on the worklist. Idempotent."""
        return [self._worklist.put(filing)]

    def complete(self, reference: str, filing: Filing) -> None:
        """The desk makes no drafts: there is nothing to do for an order that it has."""
        self.fetch(reference)

    def find(self, filing: Filing, since: datetime) -> list[OrderSnapshot]:
        """Find the order of this filing by its reference."""
        order = self._worklist.read(filing.reference)
        return [order] if order else []

    def fetch(self, reference: str) -> OrderSnapshot:
        """Read the order as the desk has it now."""
        order = self._worklist.read(reference)
        if order is None:
            raise NotFound("the desk has no such order")
        return order

    def recent(self, since: datetime) -> list[str]:
        """References of the orders put on the worklist since then."""
        return self._worklist.since(since)

    def supplement(self, reference: str, filing: Filing) -> ChangeAnswer:
        """Have the desk send corrected papers."""
        self.fetch(reference)
        self._worklist.correct(reference, filing)
        return ChangeAnswer.APPLIED

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Have the desk ask the old operator. A port that has begun can no longer be cancelled."""
        order = self.fetch(reference)
        concerned = [said for said in order.numbers if said.number in numbers or not numbers]
        if len(concerned) < len(set(numbers)):
            raise NotFound("the order has no such number")
        if any(said.status in ON_ITS_WAY for said in concerned):
            return CancelAnswer.TOO_LATE
        self._worklist.cancel(reference, tuple(said.number for said in concerned))
        return CancelAnswer.ACCEPTED
