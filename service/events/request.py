"""Posting an event to an endpoint: the process of its own that `delivering.py` starts runs this alone.

An endpoint is a stranger's: it may answer slowly, without end, or lead into a private network.
"""

import json
from typing import Final

import requests

from service.team_notices.ssrf import guarding

_SECONDS: Final = 10
_READ: Final = 1000
"""Bytes of an answer that are kept."""

NOT_REACHED: Final = 0
"""In place of a status."""


def posted(content: bytes) -> tuple[int, str]:
    """Post what the JSON says, and follow no redirect. Returns the HTTP status, or `NOT_REACHED`, and the answer."""
    event = json.loads(content)
    with guarding(private=event["private"]) as guard:
        try:
            return _post(event["url"], event["headers"], event["body"])
        except (requests.RequestException, UnicodeError) as error:
            return NOT_REACHED, "This address is in a private network." if guard.refused else type(error).__name__


def _post(url: str, headers: dict[str, str], body: str) -> tuple[int, str]:
    with requests.post(
        url, data=body.encode(), headers=headers, timeout=_SECONDS, allow_redirects=False, stream=True
    ) as answer:
        words = next(answer.iter_content(_READ), b"").decode(errors="replace")
        return answer.status_code, words.replace("\0", "")
