"""Where a carrier goes for each later step of a call. The addresses carry our own ids, never a number to dial."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.services import Services

LONGEST_ID: Final = 19
"""Digits of the largest `bigint`."""


class Step(StrEnum):
    """What the `step` in the address of a voice callback names; a call that has just arrived has none."""

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


@dataclass(frozen=True, slots=True)
class Addresses:
    """Our addresses for the steps of a call; `greetings` is the folder of the recorded ones."""

    voice: str
    recording: str
    transcript: str
    greetings: str

    def step(self, step: Step, line_id: int, node: str = "", **more: int) -> str:
        """The address of a step, at a node of the line's plan; names of nodes are ours and need no quoting."""
        address = f"{self.voice}?step={step.value}&line={line_id}"
        told = {"node": node, **more}
        return address + "".join([f"&{name}={value}" for name, value in told.items() if value])

    def greeting(self, token: str) -> str:
        """Where a recorded greeting is fetched."""
        return f"{self.greetings}/{token}"


def carried(query: Mapping[str, str], name: str) -> int | None:
    """An id of ours out of an address; None where it carries none, or a figure that no row has."""
    told = query.get(name, "")
    return int(told) if told.isdecimal() and len(told) < LONGEST_ID else None


def addresses(services: Services, carrier: str) -> Addresses:
    """Those that a carrier is given."""
    return Addresses(
        voice=services.webhook(carrier, "voice"),
        recording=services.webhook(carrier, "recording"),
        transcript=services.webhook(carrier, "transcript"),
        greetings=f"{services.settings.public_base_url}/greetings",
    )
