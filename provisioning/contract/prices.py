"""What a carrier's services cost, by destination: read from its price list, rounded up where that has ranges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from provisioning.contract.porting import NumberKind


@dataclass(frozen=True, slots=True)
class Rate:
    """What a destination costs: a segment of a text, a message with pictures, and a started minute of a call."""

    segment: Decimal
    pictures: Decimal
    minute: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """A price list in one `currency` (ISO 4217), read at `source` on a day.

    `rates` are by the beginning of a number (E.164, `+` for all others), `months` what a number costs a month by kind.
    `detection` is what it costs to be told whether a person or a machine has picked up a call of ours; None where the
    carrier cannot tell.
    """

    source: str
    read_on: date
    currency: str
    rates: Mapping[str, Rate]
    months: Mapping[NumberKind, Decimal]
    detection: Decimal | None = None

    def rate(self, number: str) -> Rate:
        """The rate of a number (E.164): that of its longest beginning in the list."""
        return next(
            self.rates[number[:length]] for length in range(len(number), 0, -1) if number[:length] in self.rates
        )

    def month(self, kind: NumberKind) -> Decimal:
        """What a number of a kind costs a month; the dearest for a kind that the list lacks."""
        return self.months.get(kind, max(self.months.values()))
