"""When numbers come from losing carriers with characters, without the service: two thousand in a second."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sandbox.losing_carriers import Asked, answered_at, character_of, committed_day, slips
from sandbox.porting.dates import business_day
from tests.season.books import business_days

FIRST = date(2026, 3, 2)
PATIENCE = 3
"""Business days after which a desk telephones a losing carrier that has not answered."""


class Arrival(NamedTuple):
    """A transfer: when it was filed and arrived, its business days, and whether a day was wished for."""

    filed: date
    came: date
    days: int
    wished: bool


def arrivals(ending, count, weeks, seed):
    """So many transfers of numbers with this ending, filed in these weeks; three in ten wish for a day."""
    chance = random.Random(f"{seed} {ending}")  # noqa: S311 -- repeatable, not secret
    filed = (business_day(FIRST + timedelta(days=chance.randrange(7 * weeks))) for _ in range(count))
    return [_arrival(_number(place, ending), day, chance, seed) for place, day in enumerate(filed)]


def _number(place, ending):
    return f"+1{212 + place // 700}{220 + place % 700}{ending}"


def _arrival(number, filed, chance, seed):
    wished = None
    if chance.random() < 0.3:
        wished = business_day(business_day(filed + timedelta(days=7)), chance.randrange(1, 8))
    character, asked = character_of(number), Asked(number, 1, seed, wished=wished)
    answer = answered_at(character, asked, datetime.combine(filed, time(14, 30), UTC))
    called = business_day(filed + timedelta(days=1), PATIENCE - 1)
    came = committed_day(character, asked, min(answer.date(), called))
    came = business_day(came, 1) if slips(character, asked) else came
    return Arrival(filed, came, business_days(filed, came), wished is not None)
