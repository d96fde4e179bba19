"""The time that an audit is about."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Rows of ours from `since` to `until` (aware UTC) are compared.

    A carrier is asked from a little before, since its books have a text earlier than ours.
    """

    asked_since: datetime
    since: datetime
    until: datetime
