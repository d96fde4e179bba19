"""Moments as Telnyx writes them."""

from datetime import UTC, datetime


def iso(moment: datetime | None) -> str | None:
    """`2026-05-04T14:03:11.000Z`, or None."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def oddly(written: str) -> str:
    """The same moments in the other spelling of the documents: `2026-05-04T14:03:11+00:00`."""
    return written.replace('.000Z"', '+00:00"')
