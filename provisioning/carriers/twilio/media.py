"""Fetches attachments and recordings, from the carrier's own hosts only.

Addresses come from callbacks, and answers may redirect, so the host of each step is checked. Only the API host gets
our credentials.
"""

from urllib.parse import urljoin, urlsplit

import requests

from provisioning.carriers.twilio.error_answers import read_error
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.errors import Broken, Refused, Unavailable
from provisioning.contract.messaging import Media, Trouble
from provisioning.http import Outgoing, raise_for_answer

API_HOST = "api.twilio.com"
HOSTS = frozenset({API_HOST, "media.twiliocdn.com", "mms.twiliocdn.com"})

MOST_STEPS = 4
MOST_BYTES = 20 * 1024 * 1024
CHUNK = 64 * 1024


def fetch(url: str, settings: Settings, outgoing: Outgoing) -> Media:
    """Fetch what is at the address, at most 20 MB. Raises `Refused` for a foreign host or a larger file."""
    for _ in range(MOST_STEPS):
        answer = _ask(url, settings, outgoing)
        with answer:
            if not answer.is_redirect:
                raise_for_answer(answer, read_error)
                return Media(_media_type(answer), _content(answer))
            url = urljoin(url, answer.headers["Location"])
    raise Broken("the carrier redirects without end")


def _ask(url: str, settings: Settings, outgoing: Outgoing) -> requests.Response:
    host = _own_host(url)
    auth = settings.credentials if host == API_HOST else None
    return outgoing.send("GET", url, auth=auth, stream=True)


def _own_host(url: str) -> str:
    """The host of a URL. Raises `Refused` for one that is not the carrier's or has a user name or port."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in HOSTS:
        raise Refused("media lives on the carrier's own hosts only", code=Trouble.BAD_MEDIA.value)
    return parts.netloc


def _media_type(answer: requests.Response) -> str:
    return answer.headers.get("Content-Type", "application/octet-stream").partition(";")[0].strip().lower()


def _content(answer: requests.Response) -> bytes:
    content = bytearray()
    try:
        for chunk in answer.iter_content(CHUNK):
            content += chunk
            if len(content) > MOST_BYTES:
                raise Refused("the file is larger than 20 MB", code=Trouble.BAD_MEDIA.value)
    except requests.RequestException as error:
        raise Unavailable(f"the file broke off: {type(error).__name__}") from None
    return bytes(content)
