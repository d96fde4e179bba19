"""Our own addresses that a carrier calls back, and what they carry: built here and read here.

They carry ids and tags of ours, never a number to dial. What is about a ledger entry carries the entry's tag, which no
stranger guesses and no restored database gives out a second time.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from service.services import Services

LONGEST_ID: Final = 18
"""Digits of a number in an address that surely fits a `bigint`."""


class Step(StrEnum):
    """What is to happen next in a call; the address for a call that has just arrived names no step."""

    RUNG = "rung"
    SCREEN = "screen"
    KEY = "key"
    CHOSEN = "chosen"
    NAMED = "named"
    RECORDED = "recorded"
    OUT = "out"
    CONNECT = "connect"
    TOLD = "told"
    TALKED = "talked"
    TEST = "test"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Carried:
    """What one of our addresses carries.

    `entry` is the tag of a ledger entry; `node` a name in the call plan of the line with the id `line`; `tries` and
    `page` belong to a menu and a directory; `after` and `alone` say which phones of a ring group have rung.
    """

    step: Step | None = None
    line: int = 0
    node: str = ""
    entry: str = ""
    tries: int = 0
    page: int = 0
    after: int = 0
    alone: int = 0

    def at(self, address: str) -> str:
        """The address with all of this behind it."""
        known = {name: value for name, value in asdict(self).items() if value}
        return f"{address}?{urlencode(known)}" if known else address


def read(query: str) -> Carried:
    """What the raw query string of a callback's address carries. What we never write there is passed over."""
    known = dict(parse_qsl(query))
    return Carried(
        step=_step(known["step"]) if "step" in known else None,
        line=_number(known.get("line", "")),
        node=known.get("node", ""),
        entry=known.get("entry", ""),
        tries=_number(known.get("tries", "")),
        page=_number(known.get("page", "")),
        after=_number(known.get("after", "")),
        alone=_number(known.get("alone", "")),
    )


def _number(value: str) -> int:
    """0 for what is no id of ours."""
    return int(value) if value.isdecimal() and len(value) <= LONGEST_ID else 0


def _step(value: str) -> Step:
    return Step(value) if value in set(Step) else Step.UNKNOWN


@dataclass(frozen=True, slots=True)
class Addresses:
    """Our addresses at one carrier: `webhooks` is where all callbacks go, `greetings` where recordings are fetched."""

    webhooks: str
    greetings: str = ""

    def voice(self, carried: Carried) -> str:
        """Where the carrier asks what happens next in a call."""
        return carried.at(f"{self.webhooks}/voice")

    def call_status(self, carried: Carried) -> str:
        """Where the carrier tells that a call is over."""
        return carried.at(f"{self.webhooks}/call-status")

    def message_status(self, tag: str = "") -> str:
        """Where the carrier tells what became of the text that a ledger entry is about."""
        return Carried(entry=tag).at(f"{self.webhooks}/message-status")

    def number_proof(self, tag: str) -> str:
        """Where the carrier tells that its call for a code is over."""
        return Carried(entry=tag).at(f"{self.webhooks}/number-proof")

    @property
    def recording(self) -> str:
        """Where the carrier tells that something was recorded."""
        return f"{self.webhooks}/recording"

    @property
    def transcript(self) -> str:
        """Where the carrier tells the words of a voicemail."""
        return f"{self.webhooks}/transcript"

    def greeting(self, token: str) -> str:
        """Where a recorded greeting is fetched."""
        return f"{self.greetings}/{token}"


def addresses(services: Services, carrier: str) -> Addresses:
    """The addresses that a carrier is given."""
    base = services.settings.public_base_url
    return Addresses(f"{base}/webhooks/{carrier}", f"{base}/greetings")
