"""Posting an encrypted notice to a push service: the process of its own that `pushing.py` starts runs this alone."""

import json
from base64 import b64decode
from typing import Final

import requests

from service.team_notices.ssrf import guarding

_SECONDS: Final = 10

NOT_REACHED: Final = 0
"""In place of a status."""


def sent(content: bytes) -> int:
    """Post what the JSON of a `Push` says, and follow no redirect. Returns the HTTP status, or `NOT_REACHED`."""
    push = json.loads(content)
    with guarding(private=push["private"]):
        try:
            with requests.post(
                push["endpoint"],
                data=b64decode(push["body"]),
                headers=push["headers"],
                timeout=_SECONDS,
                allow_redirects=False,
                stream=True,  # the answer's words are not read
            ) as answer:
                return answer.status_code
        except requests.RequestException:
            return NOT_REACHED
