"""What differs between carriers in calls: the parts of this folder ask the dialect of a call's account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from xml.etree.ElementTree import Element

from sandbox.calls.records import Call, Recording

Form = dict[str, str]


class CallDialect(Protocol):
    """How one carrier numbers calls, which words its documents have, and how it tells of calls and recordings."""

    nouns: frozenset[str]
    """The elements of a Dial that ring a phone."""

    emergency_numbers: Mapping[str, frozenset[str]]
    """The emergency numbers that a Dial reaches, by the ISO country of the number that it shows."""

    ignored: Mapping[str, frozenset[str]]
    """Attributes without an effect, by their verb, which documents for other carriers have."""

    while_screening: frozenset[str] | None
    """The verbs that a called person hears before the call is put through, or None if all of them."""

    tells_each_step: bool
    """Whether the number's own status callback hears of more than a call's end."""

    records_rooms: bool
    """Whether a Conference asks for a recording, which is the room's; elsewhere its Dial does, and it is the call's."""

    def new_id(self, kind: str) -> str:
        """A new id of a call (`CA`), recording (`RE`), conference (`CF`) or transcription (`TR`)."""

    def queue_id(self, name: str) -> str:
        """The id of a queue: always the same for the same name."""

    def prepared(self, document: str) -> str:
        """A document as it is read, once the carrier has filled in what it takes for variables."""

    def voice_fault(self, voice: str, language: str) -> str:
        """Why a voice does not speak a language; empty if it does, or if no language is named."""

    def verdict(self, detection: str, *, machine: bool) -> str:
        """What a detection of this kind calls a machine or a person that picked up."""

    def about(self, call: Call) -> Form:
        """The parameters that every request about a call has."""

    def arrival(self, call: Call) -> Form:
        """The parameters besides with which a number's first document is asked for."""

    def progress(self, call: Call, at: datetime) -> Form:
        """The parameters besides of a status callback. That of the end has more."""

    def dialed(self, leg: Call, status: str, *, bridged: bool, seconds: int) -> Form:
        """What the action of a Dial is told of the leg that got furthest."""

    def recording_url(self, recording: Recording) -> str:
        """The address of a recording's sound, as it is told now."""

    def channels(self, verb: Element) -> int:
        """How many channels a recording has for which a Record or Dial asks."""

    def about_recording(self, recording: Recording) -> Form:
        """What the action of a Record is told of a recording."""

    def recording_status(self, call: Call, recording: Recording, status: str) -> Form:
        """All parameters of a callback about a recording."""

    def transcript_goes_to(self, verb: Element) -> str | None:
        """The address for the transcript of a Record, which may be empty; None if none is asked for."""

    def transcript(self, call: Call, recording: Recording, sid: str, words: str | None) -> Form:
        """All parameters of a callback about a transcript; without words it has failed."""
