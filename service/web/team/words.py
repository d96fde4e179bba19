"""What the pages say of the scopes of API keys."""

from collections.abc import Mapping
from typing import Final

from service.accounts.api_keys import Scope

SCOPES: Final[Mapping[Scope, str]] = {
    Scope.CONTACTS_READ: "Read contacts",
    Scope.CONTACTS_WRITE: "Add and change contacts",
    Scope.MESSAGES_READ: "Read conversations and texts",
    Scope.MESSAGES_WRITE: "Send texts",
    Scope.CALLS_READ: "Read calls and voicemails",
    Scope.NUMBERS_READ: "See and search numbers",
    Scope.NUMBERS_WRITE: "Get numbers, which costs money",
    Scope.TRANSFERS_READ: "Follow transfers",
    Scope.TRANSFERS_WRITE: "Start, change, and cancel transfers",
    Scope.WEBHOOKS: "Choose where events are sent (webhooks)",
}
"""A few words for each scope."""
