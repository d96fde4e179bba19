"""Dates as Twilio writes them, to the second."""

from datetime import UTC, datetime
from email.utils import format_datetime


def iso(moment: datetime | None) -> str | None:
    """`2026-05-04T14:03:11Z`, as the v1 hosts write it."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def rfc2822(moment: datetime | None) -> str | None:
    """`Thu, 30 Jul 2015 20:00:00 +0000`, as the 2010 API writes it."""
    return None if moment is None else format_datetime(moment.astimezone(UTC))


def parse_iso(text: str) -> datetime:
    """Read a moment or a day of a query, in UTC if it names no zone. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
