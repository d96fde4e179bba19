"""Names under which a browser keeps text that was typed and not sent yet (`shell/static/unsent.js`)."""

from typing import Final, Literal

from werkzeug.wrappers import Response

from service.inbox.models import Conversation
from service.web.shell.context import person, services

COOKIE: Final = "sent"
_A_MINUTE: Final = 60


def unsent(what: Literal["answer", "note"], conversation: Conversation) -> str:
    """The name of what this person types in a conversation."""
    return f"{person().id}-{what}-{conversation.id}"


def sent(answer: Response, name: str) -> Response:
    """Have the browser forget what it keeps under this name, as it was sent."""
    answer.set_cookie(COOKIE, name, max_age=_A_MINUTE, secure=services().settings.secure, samesite="Lax")
    return answer
