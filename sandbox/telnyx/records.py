"""What only this carrier keeps."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Notification:
    """A profile, channel or setting (`kind`) by which an account is told of its events, with its fields as JSON."""

    sid: str
    account_sid: str
    kind: str
    fields: dict[str, object]
    created: datetime
