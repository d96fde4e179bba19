"""Customers' words for team chats: they mention no member, hide no link, and read as they were written.

In Discord, Mattermost, Slack, Teams, Telegram and the like `@everyone`, `<!channel>` or `<@U123>` call people, and
`[bank](https://…)` or `<https://…|bank>` hide where a link leads. A sign without width takes that meaning away and
leaves the words as they read.
"""

import re
from typing import Final

_NO_WIDTH: Final = "\u200b"
# an @ in the middle of a word is an e-mail address, unless what follows calls a whole channel; < opens Slack's and
# Discord's commands; ]( and ][ join a Markdown link's words to its address, also in a picture
_CALLING: Final = re.compile(
    r"(?<![\w.+-])[@＠](?=\S)|[@＠](?=everyone|here|channel|all|team|online|room)|<(?=[!@#:/a-z])|\](?=[(\[])",
    re.IGNORECASE,
)


def without_mentions(text: str) -> str:
    """The text with every mention, command and disguised link made plain words."""
    return _CALLING.sub(lambda found: found[0] + _NO_WIDTH, text)
