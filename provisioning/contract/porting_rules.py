"""The rules by which a carrier brings numbers in."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from provisioning.contract.porting import NumberKind


class LetterMode(StrEnum):
    """Who makes the letter of authorisation: the carrier e-mails its own for signature, or we upload ours."""

    CARRIER_SIGNS = "carrier_signs"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class UsualTime:
    """How many business days a port usually takes from filing to arrival; `kind` None means any kind."""

    country: str
    least: int
    most: int
    kind: NumberKind | None = None


@dataclass(frozen=True, slots=True)
class PortingCapabilities:
    """The porting rules of a carrier.

    `countries`: ISO codes it ports by itself, and `kinds` of numbers there; of others its staff are asked, if anybody.
    `lead_days`: a wished date must be at least so many calendar days
    away; nor is it before the usual time allows. `cancel_cutoff`: change and cancel close so long before the committed
    date. `usual_times`: the first that fits a number tells when it can be expected. `changes_in_place`: a filed order
    can be changed; else it is cancelled and filed anew, and its letter signed again. `staff_email`: where its staff
    take questions about an order by mail, "" where they take none.
    """

    countries: frozenset[str]
    lead_days: int
    cancel_cutoff: timedelta
    letter: LetterMode
    largest_order: int
    usual_times: tuple[UsualTime, ...] = ()
    changes_in_place: bool = False
    kinds: frozenset[NumberKind] = frozenset(NumberKind)
    staff_email: str = ""

    def usual_time(self, country: str, kind: NumberKind) -> UsualTime | None:
        """The rule for numbers of a country and kind."""
        rules = self.usual_times
        return next((rule for rule in rules if rule.country == country and rule.kind in {None, kind}), None)
