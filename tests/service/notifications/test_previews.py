from pathlib import Path

from service.language import Language
from service.notifications.models import Channel, NoticeKind
from service.notifications.previews import page, previews

ROOT = Path(__file__).parents[3]


def test_the_page_of_notices_equals_the_templates():
    assert (ROOT / "docs" / "notices.md").read_text(encoding="utf-8") == page(), (
        "write it anew: python -m service.notifications.previews > docs/notices.md"
    )


def test_operators_see_every_notice_in_every_language_on_every_channel():
    shown = [(kind, language, channel) for kind, language, channel, _ in previews()]

    assert shown == [(kind, lang, channel) for kind in NoticeKind for lang in Language for channel in Channel]
