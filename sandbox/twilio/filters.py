"""Filters by date, for the lists of texts and calls."""

from datetime import datetime

from flask import request

from sandbox.errors import Refusal
from sandbox.twilio.dates import parse_iso


def is_within(moment: datetime | None, name: str) -> bool:
    """Whether a moment matches the query's `name` (a day), `name<` and `name>`. A missing moment matches no filter."""
    day, before, after = (request.args.get(name + sign) for sign in ("", "<", ">"))
    if not (day or before or after):
        return True
    if moment is None:
        return False
    try:
        return (
            (not day or moment.date() == parse_iso(day).date())
            and (not before or moment <= parse_iso(before))
            and (not after or moment >= parse_iso(after))
        )
    except ValueError:
        raise Refusal(20001, f"{name} is not a date.") from None
