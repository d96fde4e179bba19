"""A made-up event of each kind, for the page that describes events and for tools that map what an event has."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from service.events.models import CHOSEN, EventKind

HAPPENED_AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

_TALK: Final = {
    "id": 17,
    "conversation_id": 7,
    "line_id": 1,
    "direction": "in",
    "our_number": "+14155550100",
    "their_number": "+14155550123",
}
_TRANSFER: Final = {"id": "k3v9q2", "number_id": 4, "number": "+14155552000"}

_OWN: Final[Mapping[EventKind, Mapping[str, Any]]] = {
    EventKind.TEXT_RECEIVED: _TALK,
    EventKind.TEXT_SENT: _TALK | {"direction": "out"},
    EventKind.TEXT_DELIVERED: _TALK | {"direction": "out"},
    EventKind.TEXT_FAILED: _TALK | {"direction": "out"},
    EventKind.CALL_ENDED: _TALK | {"seconds": 75},
    EventKind.VOICEMAIL_RECEIVED: _TALK | {"seconds": 12},
    EventKind.CHANNEL_PROVEN: _TRANSFER | {"channel": "texts"},
}
"""The data of each kind; those of a transfer have the state that the kind names."""


def sample_data(kind: EventKind) -> dict[str, Any]:
    """What an event of a kind has in its `data`."""
    return dict(_OWN.get(kind) or _TRANSFER | {"state": kind.removeprefix("transfer.")})


SAMPLES: Final = tuple({"type": kind, "timestamp": HAPPENED_AT, "data": sample_data(kind)} for kind in CHOSEN)
"""One event of each kind that an endpoint can be for."""
