from pathlib import Path

from service.language import Language
from service.notifications.models import Channel, Message
from service.notifications.previews import page, previews

ROOT = Path(__file__).parents[3]


def test_the_page_of_messages_equals_the_templates():
    assert (ROOT / "docs" / "messages.md").read_text(encoding="utf-8") == page(), (
        "write it anew: python -m service.notifications.previews > docs/messages.md"
    )


def test_operators_see_every_message_in_every_language_on_every_channel():
    shown = [(message, language, channel) for message, language, channel, _ in previews()]

    assert shown == [(m, lang, channel) for m in Message for lang in Language for channel in Channel]
