"""Fetches attachments and recordings, from a carrier's own hosts only.

Addresses come from callbacks, and answers may redirect, so the host of each step is checked.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

import requests

from provisioning.contract.errors import Broken, Refused, Unavailable
from provisioning.contract.messaging import Media, Trouble
from provisioning.http import ErrorAnswer, Outgoing, raise_for_answer

Credentials = tuple[str, str]

MOST_STEPS = 4
MOST_BYTES = 20 * 1024 * 1024
CHUNK = 64 * 1024


class MediaHosts:
    """A carrier's hosts with media, each with the credentials that it is shown, if any."""

    def __init__(
        self,
        outgoing: Outgoing,
        hosts: Mapping[str, Credentials | None],
        read_error: Callable[[requests.Response], ErrorAnswer],
    ) -> None:
        self._outgoing = outgoing
        self._hosts = hosts
        self._read_error = read_error

    def fetch(self, url: str) -> Media:
        """Fetch what is at the address, at most 20 MB. Raises `Refused` for a foreign host or a larger file."""
        for _ in range(MOST_STEPS):
            answer = self._outgoing.send("GET", url, auth=self._hosts[self._own_host(url)], stream=True)
            with answer:
                if not answer.is_redirect:
                    raise_for_answer(answer, self._read_error)
                    return Media(_media_type(answer), _content(answer))
                url = urljoin(url, answer.headers["Location"])
        raise Broken("the carrier redirects without end")

    def _own_host(self, url: str) -> str:
        """The host of a URL. Raises `Refused` for one that is not the carrier's or has a user name or port."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.netloc not in self._hosts:
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
