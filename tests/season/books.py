"""What the sandbox's own books say of the transfers of a season, counted without the service."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from phonenumbers import parse
from phonenumbers.timezone import time_zones_for_number

from sandbox.operators import LineType, operator_of
from sandbox.porting.dates import business_day
from sandbox.porting.records import NumberStatus, StatusChange

REASONS = {22153: "end_user_name", 22154: "address", 22155: "pin", 22156: "account_number"}


@dataclass
class Filing:
    """A request for a number in the carrier's books."""

    number: str
    filed: datetime
    wished: str
    turn: int
    past: list[StatusChange]

    def first(self, status):
        return next((one for one in self.past if one.status is status), None)

    @property
    def came(self):
        return self.first(NumberStatus.COMPLETED)

    @property
    def rejected(self):
        return self.first(NumberStatus.PORT_REJECTED)

    @property
    def promised(self):
        return self.first(NumberStatus.PORT_PENDING)

    @property
    def group(self):
        """The losing carrier and kind of the number, as the page of figures calls them."""
        operator = operator_of(self.number)
        return operator.name, "Mobile number" if operator.line_type is LineType.MOBILE else "Local number"

    def day_of(self, moment):
        """The day of a moment at the number."""
        return moment.astimezone(zone_of(self.number)).date()


@dataclass
class Sums:
    """What a week's transfers from one losing carrier did."""

    counts: Counter = field(default_factory=Counter)
    days: dict = field(default_factory=lambda: defaultdict(list))
    rejected: Counter = field(default_factory=Counter)
    lost: Counter = field(default_factory=Counter)


@cache
def zone_of(number):
    return ZoneInfo(time_zones_for_number(parse(number))[0])


@cache
def business_days(first, last):
    """How many business days come after the first day, up to the last."""
    days = ((first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
    return sum(business_day(day) == day for day in days)


def filings(world):
    """Every request of the books, by number in the order of filing."""
    found = defaultdict(list)
    for port_in in world.state.port_ins.values():
        for number in port_in.numbers:
            wished = str(port_in.asked.get("target_port_in_date") or "")
            found[number.phone_number].append(
                Filing(number.phone_number, port_in.created, wished, number.turn, number.past)
            )
    return found


def monday(moment) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def by_week(world):
    """The sums by week, losing carrier and kind."""
    sums = defaultdict(Sums)
    for of_number in filings(world).values():
        for one in of_number:
            if one.came:
                _count_arrival(sums[monday(one.came.at), *one.group], one, of_number)
            if one.rejected:
                sums[monday(one.rejected.at), *one.group].rejected[REASONS[one.rejected.rejection_code]] += 1
        for before, after in pairwise(of_number):
            if before.rejected:
                reason, days = REASONS[before.rejected.rejection_code], _days(before.filed, after.filed)
                sums[monday(after.filed), *after.group].lost[reason] += days
    return sums


def _count_arrival(sums, one, of_number):
    counts, promised = sums.counts, one.day_of(one.promised.port_date)
    counts["arrived"] += 1
    counts["right_first"] += not any(other.rejected for other in of_number)
    counts["promised"] += 1
    counts["promised_kept"] += promised == one.day_of(one.came.at)
    counts["wished"] += bool(one.wished)
    counts["wished_kept"] += bool(one.wished) and str(promised) == one.wished
    sums.days["filed_to_date"].append(_days(one.filed, one.promised.at))
    sums.days["date_to_arrival"].append(_days(one.promised.at, one.came.at))


def _days(first, last):
    return business_days(first.date(), last.date())


def within(days, share):
    """The days within which this share of transfers came."""
    return sorted(days)[max(0, -int(-share * len(days) // 1) - 1)] if days else None


def answered_late(world, target):
    """Rejections whose number was not filed again within so many business days."""
    late = []
    for number, of_number in filings(world).items():
        for one, after in zip(of_number, [*of_number[1:], None], strict=True):
            if one.rejected and (after is None or _days(one.rejected.at, after.filed) > target):
                late.append(number)
    return late
