"""The period that an audit compares."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Our rows from `since` to `until` (aware UTC) are compared.

    The carrier is asked from `asked_since`, a little earlier, because it records a text before we do.
    """

    asked_since: datetime
    since: datetime
    until: datetime
