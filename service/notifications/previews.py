"""All messages with made-up facts, for operators and for `docs/messages.md`.

`python -m service.notifications.previews > docs/messages.md` writes the page anew.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from service.language import Language
from service.notifications.messages import Words, word
from service.notifications.models import Channel, Message

SAMPLE: Final[Mapping[str, Any]] = {
    "numbers": ["+14155552671"],
    "others": ["+14155552672"],
    "temporary": "+14155550132",
    "reasons": ["account_number"],
    "signer": "Alice Owner",
    "holder": "Alice's Bakery LLC",
    "mailbox": "alice@example.com",
    "date": "2026-05-05",
    "old_date": "2026-04-28",
    "date_version": 2,
    "release_on": "2026-06-04",
    "sign_until": "2026-04-20",
    "begun_at": "2026-04-12T15:04:00+00:00",
    "submitted_at": "2026-04-13T15:04:00+00:00",
    "asked_at": "2026-04-13T15:20:00+00:00",
    "found_at": "2026-04-15T18:30:00+00:00",
    "ported_at": "2026-05-05T16:12:00+00:00",
    "texts_at": "2026-05-05T17:40:00+00:00",
    "done_at": "2026-05-05T17:45:00+00:00",
    "refused_at": "2026-05-03T09:00:00+00:00",
    "missing": ["phones", "forwarding", "services"],
    "taken_back_at": "2026-05-05T18:10:00+00:00",
    "returned_at": "2026-05-06T14:00:00+00:00",
    "canceled_at": "2026-04-16T14:00:00+00:00",
    "expired_at": "2026-05-13T15:20:00+00:00",
    "standing": "with_losing_carrier",
    "first": "2026-04-28",
    "last": "2026-05-12",
    "zone": "America/New_York",
    "link": "https://portline.example/ports/2f1d6c0e9b7a4d53",
}
"""A fact of every name, as a project could have them; nobody's."""


class Preview(NamedTuple):
    """One message as one channel carries it."""

    message: Message
    language: Language
    channel: Channel
    words: Words


def previews() -> Iterator[Preview]:
    """Every message in every language as every channel carries it, in the order things usually happen."""
    for message in Message:
        for language in Language:
            for channel in Channel:
                yield Preview(message, language, channel, word(message, channel, language, SAMPLE))


def page() -> str:
    """The previews as a page of Markdown."""
    parts = [_HEAD]
    for message, language, channel, words in previews():
        if channel is Channel.SMS:
            parts += [f"## {message} ({language})", f"Text:\n\n{_quoted(words.text)}"]
        else:
            parts += [f"Mail: **{words.subject}**\n\n{_quoted(words.text)}"]
    return "\n\n".join(parts) + "\n"


_HEAD = """# What customers are told

Every message in every language, with made-up facts. Written by `python -m service.notifications.previews`; a test
keeps it equal to the templates in `service/notifications/templates/`."""


def _quoted(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    sys.stdout.write(page())
