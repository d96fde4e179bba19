"""Our addresses for carriers' callbacks, and the parameters in them: built and read only here.

The parameters are our own ids and tags, never a number to dial. Callbacks about a ledger entry carry its tag, which
cannot be guessed, and which a restored database does not assign a second time.
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode

from provisioning.contract.callbacks import Subject
from service.callback_marks import marked
from service.services import Services

LONGEST_ID: Final = 18
"""Most digits of an id, so that it fits a `bigint`."""


class Step(StrEnum):
    """The point that a call has reached; the address for a call that has just arrived names no step."""

    RUNG = "rung"
    SCREEN = "screen"
    KEY = "key"
    CHOSEN = "chosen"
    NAMED = "named"
    RECORDED = "recorded"
    OUT = "out"
    CONNECT = "connect"
    ANNOUNCED = "told"  # not "announced": calls under way carry it
    TALKED = "talked"
    WAITING = "waiting"
    WAITED = "waited"
    LEG = "leg"
    LEG_KEY = "leg-key"
    LED = "led"
    ROOM = "room"
    LEFT = "left"
    TEST = "test"
    CODE = "code"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Carried:
    """The parameters of one of our addresses.

    `entry` is the tag of a ledger entry; `node` a name in the call plan of the line with the id `line`; `tries` and
    `page` belong to a menu and a directory; `after` and `alone` say which phones of a ring group have rung. `ringing`
    and `leg` are the tags of a ring group whose phones are called one by one, and of the call to one of them.
    `registration` is the tag of one. `announced` says why the other person heard that the call is recorded.
    """

    step: Step | None = None
    line: int = 0
    node: str = ""
    entry: str = ""
    tries: int = 0
    page: int = 0
    after: int = 0
    alone: int = 0
    ringing: str = ""
    leg: str = ""
    registration: str = ""
    announced: str = ""

    def at(self, address: str) -> str:
        """The address with these parameters."""
        query = _written(self)
        return f"{address}?{query}" if query else address


_NAMES: Final = tuple(one.name for one in fields(Carried))


@lru_cache(maxsize=4096)
def _written(carried: Carried) -> str:
    """The query string. Cached, as each call on a line is told the same addresses while its caller waits."""
    return urlencode({name: value for name in _NAMES if (value := getattr(carried, name))})


@lru_cache(maxsize=4096)
def read(query: str) -> Carried:
    """The parameters in the raw query string of a callback's address. Unknown ones are ignored.

    Cached, as most calls come to the same few addresses; they are signed, so that nobody fills it with others.
    """
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
        ringing=known.get("ringing", ""),
        leg=known.get("leg", ""),
        registration=known.get("registration", ""),
        announced=known.get("announced", ""),
    )


def _number(value: str) -> int:
    """The number in a text; 0 for a text that is no id of ours."""
    return int(value) if value.isdecimal() and len(value) <= LONGEST_ID else 0


def _step(value: str) -> Step:
    return Step(value) if value in set(Step) else Step.UNKNOWN


@dataclass(frozen=True, slots=True)
class Addresses:
    """Our addresses at one carrier: `webhooks` is where all callbacks go, `greetings` where recordings are fetched.

    The carrier `transcribes` voicemails unless we do. Addresses are marked with the secret `keys`, if there are any.
    """

    webhooks: str
    greetings: str = ""
    transcribes: bool = True
    keys: tuple[str, ...] = field(default=(), repr=False)

    def voice(self, carried: Carried) -> str:
        """The address that the carrier asks for the next steps of a call."""
        return self._about(Subject.VOICE, carried)

    def call_status(self, carried: Carried) -> str:
        """The address to which the carrier reports that a call has ended."""
        return self._about(Subject.CALL_STATUS, carried)

    def picked_up(self, carried: Carried) -> str:
        """The address to which the carrier reports whether a machine has picked up a call of ours."""
        return self._about(Subject.PICKED_UP, carried)

    def message_status(self, tag: str = "") -> str:
        """The address to which the carrier reports the status of a text, with the tag of its ledger entry."""
        return self._about(Subject.MESSAGE_STATUS, Carried(entry=tag))

    def number_proof(self, tag: str) -> str:
        """The address to which the carrier reports that its call for a code has ended."""
        return self._about(Subject.NUMBER_PROOF, Carried(entry=tag))

    def registration(self, tag: str) -> str:
        """The address to which the carrier reports that a registration with this tag has changed."""
        return self._about(Subject.REGISTRATION, Carried(registration=tag))

    @property
    def voicemail(self) -> str:
        """The address to which the carrier reports a voicemail."""
        return self._about(Subject.RECORDING)

    def recording(self, announced: str, ringing: str = "") -> str:
        """The address to which the carrier reports the recording of a talk, with why it was `announced`.

        That of a room bears the tag of the ring group, as not every carrier tells whose call was recorded there.
        """
        return self._about(Subject.RECORDING, Carried(announced=announced, ringing=ringing))

    @property
    def transcript(self) -> str:
        """The address to which the carrier sends the transcript of a voicemail; "" if it makes none."""
        return self._about(Subject.TRANSCRIPT) if self.transcribes else ""

    def greeting(self, token: str) -> str:
        """The address at which the carrier fetches a recorded greeting, or a tone."""
        return f"{self.greetings}/{token}"

    def _about(self, subject: Subject, carried: Carried | None = None) -> str:
        address = f"{self.webhooks}/{subject}"
        address = carried.at(address) if carried else address
        return marked(address, self.keys) if self.keys else address


def addresses(services: Services, carrier: str) -> Addresses:
    """Our addresses for one carrier."""
    base, keys = services.settings.public_base_url, services.marking_keys(carrier)
    transcribes = services.settings.transcription_model is None
    return Addresses(f"{base}/webhooks/{carrier}", f"{base}/greetings", transcribes, keys)
