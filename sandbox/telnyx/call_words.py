"""Calls as Telnyx numbers them and tells of them. https://developers.telnyx.com/docs/voice/programmable-voice."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import uuid4
from xml.etree.ElementTree import Element

from sandbox.calls.dialect import Form
from sandbox.calls.records import Call, Recording
from sandbox.calls.switch import flag, timestamp
from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.telnyx.recording_links import link

ENGLISH_ONLY: Final = {"man", "woman"}
FAMILIES: Final = {"AWS", "Azure", "ElevenLabs", "Polly", "Telnyx"}
VARIABLE: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
CAUSES: Final = {
    "completed": "normal_clearing",
    "busy": "user_busy",
    "no-answer": "timeout",
    "failed": "call_rejected",
    "canceled": "originator_cancel",
}
"""How a call ended → the cause of hanging up."""


class TexmlCalls:
    """The dialect of the second carrier."""

    nouns = frozenset({"Number", "Sip"})
    emergency_numbers: Mapping[str, frozenset[str]] = {}
    ignored: Mapping[str, frozenset[str]] = {
        "Dial": frozenset({"sequential"}),
        "Record": frozenset({"transcribe", "transcribeCallback"}),
    }
    while_screening: frozenset[str] | None = frozenset({"Gather", "Hangup"})
    tells_each_step = True
    records_rooms = True

    def __init__(self, exchange: Exchange, inventory: Inventory) -> None:
        self._exchange = exchange
        self._inventory = inventory

    def new_id(self, kind: str) -> str:
        """A token of a call, a UUID of anything else."""
        return f"v3:{secrets.token_urlsafe(40)}" if kind == "CA" else str(uuid4())

    def queue_id(self, name: str) -> str:
        """The name itself."""
        return name

    def prepared(self, document: str) -> str:
        """A document in which Mustache has filled in its variables. None is known here."""
        return VARIABLE.sub("", document)

    def voice_fault(self, voice: str, language: str) -> str:
        """Why a voice does not speak. Voices of other families take their language from their name."""
        if voice in ENGLISH_ONLY:
            return f"{voice} does not speak {language}" if language not in {"", "en-US"} else ""
        family, _, name = voice.partition(".")
        return "" if voice == "alice" or (family in FAMILIES and name) else f"{voice} is no voice"

    def verdict(self, detection: str, *, machine: bool) -> str:
        """`human` or `machine`."""
        return "machine" if machine else "human"

    def about(self, call: Call) -> Form:
        """The parameters that every request about a call has."""
        parent = {"ParentCallSid": call.parent} if call.parent else {}
        return parent | {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "CallSidLegacy": call.sid,
            "From": call.from_,
            "To": call.to,
            "CallStatus": call.status,
        }

    def arrival(self, call: Call) -> Form:
        """Where the call comes from and goes to, as telephones and as SIP write it."""
        return {
            "CallerId": call.from_,
            "CallingPartyType": "pstn",
            "FromSipUri": f"{call.from_}@sip.telnyx.com",
            "ToSipUri": f"{call.to}@sip.telnyx.com",
            "ConnectionId": self._connection(call),
        }

    def progress(self, call: Call, at: datetime) -> Form:
        """The number and moment of the callback; at the end how long the call was and why it ended."""
        step = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "Timestamp": timestamp(at),
            "CallerId": call.from_,
            "ConnectionId": self._connection(call),
        }
        if call.ended is None:
            return step
        answered = {"AnsweredTime": timestamp(call.started)} if call.started and call.seconds else {}
        return (
            step
            | answered
            | {
                "CallDuration": str(call.seconds),
                "EndTime": timestamp(call.ended),
                "HangupCause": CAUSES.get(call.status, "unspecified"),
                "HangupSource": "caller",
            }
        )

    def dialed(self, leg: Call, status: str, *, bridged: bool, seconds: int) -> Form:
        """Nothing tells whether a phone that was picked up was put through."""
        return {"DialCallStatus": status, "DialCallSid": leg.sid, "DialCallDuration": str(seconds)}

    def recording_url(self, recording: Recording) -> str:
        """A link that is good for ten minutes from now."""
        return link(recording.sid, self._exchange.now())

    def channels(self, verb: Element) -> int:
        """Two, unless one is asked for."""
        asked = verb.get("channels") or verb.get("recordingChannels") or "dual"
        return 2 if asked == "dual" else 1

    def about_recording(self, recording: Recording) -> Form:
        """Its id, link, length and channels."""
        return {
            "RecordingSid": recording.sid,
            "RecordingUrl": self.recording_url(recording),
            "RecordingDuration": str(recording.seconds),
            "RecordingChannels": str(recording.channels),
        }

    def recording_status(self, call: Call, recording: Recording, status: str) -> Form:
        """The recording, and the call by its id alone; of a room the room, as its callbacks are not described."""
        room = {"AccountSid": call.account_sid, "ConferenceSid": recording.conference}
        return {
            **(room if recording.conference else _call_ids(call)),
            **self.about_recording(recording),
            "RecordingStatus": status,
            "RecordingSource": recording.source,
            "RecordingStartTime": timestamp(recording.created),
        }

    def transcript_goes_to(self, verb: Element) -> str | None:
        """The `transcriptionCallback` of a Record with `transcription`."""
        return verb.get("transcriptionCallback", "") if flag(verb, "transcription") else None

    def transcript(self, call: Call, recording: Recording, sid: str, words: str | None) -> Form:
        """What was said, the recording, and the call by its id alone."""
        return {
            **_call_ids(call),
            "TranscriptionSid": sid,
            "TranscriptionText": words or "",
            "TranscriptionStatus": "failed" if words is None else "completed",
            "RecordingSid": recording.sid,
            "RecordingUrl": self.recording_url(recording),
        }

    def _connection(self, call: Call) -> str:
        """The application through which a call came, or goes out."""
        number = self._inventory.held(call.to if call.direction == "inbound" else call.from_)
        usual = number.settings["voice_application_sid"] if number is not None else ""
        return call.orders.get("application_sid") or usual


def _call_ids(call: Call) -> Form:
    return {"AccountSid": call.account_sid, "CallSid": call.sid, "CallSidLegacy": call.sid}
