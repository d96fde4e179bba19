"""What the gateway asks of the sandbox, over its control interface."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import requests

SECONDS = 10


class TokenRefused(Exception):
    """The carrier does not accept an access token."""


@dataclass(frozen=True, slots=True)
class PageCall:
    """A call that rings at the pages of an identity, or was taken by one. `talks`: both sides hear each other."""

    sid: str
    identity: str
    from_: str
    to: str
    parameters: str
    answered: bool
    talks: bool


class Carrier:
    """The sandbox at an address. Requests are sent from threads."""

    def __init__(self, session: requests.Session, address: str) -> None:
        self._session = session
        self._address = address

    async def identity_of(self, token: str) -> str:
        """The identity for which a token was signed. Raises `TokenRefused`."""
        answer = await self._post("browser_token", {"token": token})
        if not answer.ok:
            raise TokenRefused(answer.json()["error"])
        return str(answer.json()["identity"])

    async def calls(self, identities: Collection[str]) -> list[PageCall]:
        """The calls of these identities, whose pages are open. Raises `requests.RequestException`."""
        answer = await self._post("browser_calls", {"identities": sorted(identities)})
        answer.raise_for_status()
        return [PageCall(**call) for call in answer.json()]

    async def act(self, act: str, sid: str, **more: str) -> bool:
        """Tell what a page did with its call: `pick_up`, `decline`, `hang_up`, `key` or `hear`.

        False if the call is over, or the sandbox is away: a page that waits for nothing keeps its connection.
        """
        try:
            return (await self._post("browser_act", {"act": act, "sid": sid, **more})).ok
        except requests.RequestException:
            return False

    async def _post(self, verb: str, fields: Mapping[str, str | list[str]]) -> requests.Response:
        url = f"{self._address}/_control/{verb}"
        return await asyncio.to_thread(self._session.post, url, json=dict(fields), timeout=SECONDS)
