"""How often a workspace's programs may ask. Each answer says what is left, in the RateLimit fields.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from flask import g
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from service.api.problems import Code, Refused
from service.limits import SCHEME, TriesInPostgres
from service.services import Services
from service.time import real_time


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit by its name, which answers carry."""

    name: str
    most: RateLimitItem


REQUESTS: Final = Rate("requests", RateLimitItemPerMinute(300))
TEXTS: Final = (Rate("texts-hour", RateLimitItemPerHour(900)), Rate("texts-day", RateLimitItemPerDay(4500)))
SEARCHES: Final = (Rate("searches-hour", RateLimitItemPerHour(90)), Rate("searches-day", RateLimitItemPerDay(300)))
PURCHASES: Final = (Rate("purchases", RateLimitItemPerHour(30)),)
DRAFTS: Final = (Rate("drafts", RateLimitItemPerHour(60)),)
BILLS: Final = (Rate("bills", RateLimitItemPerHour(30)),)
CODES: Final = (Rate("codes", RateLimitItemPerDay(20)),)
GUESSES: Final = (Rate("guesses", RateLimitItemPerHour(30)),)
STRANGERS: Final = Rate("strangers", RateLimitItemPerMinute(60))
"""Requests of one network without a good key."""


def count(services: Services, rates: Sequence[Rate], subject: str) -> None:
    """Count a request of a workspace or network, and note what is left for the answer.

    Raises:
        Refused: it is one too many.
    """
    limiter = FixedWindowRateLimiter(TriesInPostgres(f"{SCHEME}://", sessions=services.sessions))
    policies, left = [], []
    for rate in rates:
        allowed = limiter.hit(rate.most, rate.name, subject)
        ends, remaining = limiter.get_window_stats(rate.most, rate.name, subject)
        seconds = max(ceil(ends - real_time().timestamp()), 1)
        policies.append(f'"{rate.name}";q={rate.most.amount};w={rate.most.get_expiry()}')
        left.append(f'"{rate.name}";r={remaining};t={seconds}')
        g.rates = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}
        if not allowed:
            raise Refused(Code.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})
