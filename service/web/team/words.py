"""What the pages say of the scopes of API keys, and of the events that webhooks tell."""

from collections.abc import Mapping
from typing import Final

from service.accounts.api_keys import Scope
from service.events.models import CHOSEN, EventKind
from service.porting.states import LABELS, State

SCOPES: Final[Mapping[Scope, str]] = {
    Scope.CONTACTS_READ: "Read contacts",
    Scope.CONTACTS_WRITE: "Add and change contacts",
    Scope.MESSAGES_READ: "Read conversations and texts",
    Scope.MESSAGES_WRITE: "Send texts",
    Scope.CALLS_READ: "Read calls and voicemails",
    Scope.CALLS_WRITE: "Change what happens when a line rings",
    Scope.NUMBERS_READ: "See and search numbers",
    Scope.NUMBERS_WRITE: "Get numbers, which costs money",
    Scope.TRANSFERS_READ: "Follow transfers",
    Scope.TRANSFERS_WRITE: "Start, change, and cancel transfers",
    Scope.TEAM_READ: "See who is on the team",
    Scope.WEBHOOKS: "Choose where events are sent (webhooks)",
    Scope.WORKSPACES: "Open workspaces for customers (platforms only)",
}
"""A few words for each scope."""

_TOLD: Final[Mapping[EventKind, str]] = {
    EventKind.TEXT_RECEIVED: "A text came in",
    EventKind.TEXT_SENT: "A text was sent",
    EventKind.TEXT_DELIVERED: "A text was delivered",
    EventKind.TEXT_FAILED: "A text wasn’t delivered",
    EventKind.CALL_ENDED: "A call ended",
    EventKind.VOICEMAIL_RECEIVED: "A voicemail came in",
    EventKind.CHANNEL_PROVEN: "Calls, texts, or pictures work on a transferred number",
}

EVENTS: Final[Mapping[EventKind, str]] = {
    kind: _TOLD.get(kind) or LABELS[State(kind.removeprefix("transfer."))] for kind in CHOSEN
}
"""A few words for each kind of event. Those of a transfer are the state that it has come to."""

EVENT_GROUPS: Final[Mapping[str, tuple[EventKind, ...]]] = {
    "Texts and calls": tuple(kind for kind in CHOSEN if kind in _TOLD),
    "A transfer has come to": tuple(kind for kind in CHOSEN if kind not in _TOLD),
}
"""The kinds of events in the order in which they are chosen, by what stands above them."""
