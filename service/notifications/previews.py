"""All notices with made-up facts, for operators and for `docs/notices.md`.

`python -m service.notifications.previews > docs/notices.md` writes the page.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from service.language import Language
from service.notifications.facts import About, Notice
from service.notifications.models import Channel, NoticeKind
from service.notifications.notices import NOTICES
from service.notifications.wording import Words, word

ABOUT: Final = About(
    numbers=["+14155552671"],
    link="https://portline.example/ports/2f1d6c0e9b7a4d53",
    zone="America/New_York",
)
"""What the made-up notices are about."""

FACTS: Final[Mapping[str, Any]] = {
    "others": ["+14155552672"],
    "temporary": "+14155550132",
    "reasons": ["account_number"],
    "signer": "Alice Owner",
    "holder": "Alice's Bakery LLC",
    "mailbox": "alice@example.com",
    "business": "Alice's Bakery",
    "since": datetime(2026, 4, 14, 15, 30, tzinfo=UTC),
    "giver": "anna@example.com",
    "given_at": datetime(2026, 4, 13, 9, 30, tzinfo=UTC),
    "date": date(2026, 5, 5),
    "old_date": date(2026, 4, 28),
    "date_version": 2,
    "release_on": date(2026, 6, 4),
    "sign_until": date(2026, 4, 20),
    "begun_at": datetime(2026, 4, 12, 15, 4, tzinfo=UTC),
    "submitted_at": datetime(2026, 4, 13, 15, 4, tzinfo=UTC),
    "asked_at": datetime(2026, 4, 13, 15, 20, tzinfo=UTC),
    "found_at": datetime(2026, 4, 15, 18, 30, tzinfo=UTC),
    "ported_at": datetime(2026, 5, 5, 16, 12, tzinfo=UTC),
    "texts_at": datetime(2026, 5, 5, 17, 40, tzinfo=UTC),
    "done_at": datetime(2026, 5, 5, 17, 45, tzinfo=UTC),
    "refused_at": datetime(2026, 5, 3, 9, tzinfo=UTC),
    "missing": ["phones", "forwarding", "services", "registration_pending"],
    "textless": [],
    "waits_for": "registration_pending",
    "taken_back_at": datetime(2026, 5, 5, 18, 10, tzinfo=UTC),
    "returned_at": datetime(2026, 5, 6, 14, tzinfo=UTC),
    "canceled_at": datetime(2026, 4, 16, 14, tzinfo=UTC),
    "expired_at": datetime(2026, 5, 13, 15, 20, tzinfo=UTC),
    "operator": "Metro Bell",
    "leaves_on": date(2026, 6, 9),
    "locked": False,
    "choosable": True,
    "ended_at": datetime(2026, 6, 3, 14, tzinfo=UTC),
    "left_at": datetime(2026, 6, 9, 14, tzinfo=UTC),
    "standing": "with_losing_carrier",
    "first": date(2026, 4, 28),
    "last": date(2026, 5, 12),
}
"""A made-up fact of every name."""


class Preview(NamedTuple):
    """One notice as one channel carries it."""

    kind: NoticeKind
    language: Language
    channel: Channel
    words: Words


def sample(notice: type[Notice], **facts: Any) -> Notice:  # noqa: ANN401 -- any type of a fact
    """A notice of this class with made-up facts, and some of one's own."""
    return notice(**{field.name: facts.get(field.name, FACTS[field.name]) for field in fields(notice)})


def previews() -> Iterator[Preview]:
    """Every notice in every language as every channel carries it, in the order in which they usually come."""
    for notice in NOTICES:
        for language in Language:
            for channel in Channel:
                yield Preview(notice.kind, language, channel, word(ABOUT, sample(notice), channel, language))


def page() -> str:
    """The previews as a page of Markdown."""
    parts = [_HEAD]
    for kind, language, channel, words in previews():
        if channel is Channel.SMS:
            parts += [f"## {kind} ({language})", f"Text:\n\n{_indented(words.text)}"]
        else:
            parts += [f"Mail: **{words.subject}**\n\n{_indented(words.text)}"]
    return "\n\n".join(parts) + "\n"


_HEAD = """# Notices to customers

Every notice in every language, with made-up facts. Written by `python -m service.notifications.previews`; a test
keeps it equal to the templates in `service/notifications/templates/`."""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    sys.stdout.write(page())
