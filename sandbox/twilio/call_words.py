"""Calls as Twilio numbers them and tells of them. https://www.twilio.com/docs/voice/twiml."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import md5
from typing import Final
from xml.etree.ElementTree import Element

from sandbox.calls.dialect import Form
from sandbox.calls.records import Call, Recording
from sandbox.calls.switch import flag, timestamp
from sandbox.places import places
from sandbox.records import new_sid
from sandbox.twilio.voices import fault_of

MACHINES: Final = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep"}


class TwilioCalls:
    """The dialect of the first carrier."""

    nouns = frozenset({"Number", "Client", "Sip"})
    emergency_numbers: Mapping[str, frozenset[str]] = {"US": frozenset({"911", "933"}), "CA": frozenset({"911"})}
    ignored: Mapping[str, frozenset[str]] = {}
    while_screening: frozenset[str] | None = None
    tells_each_step = False
    records_rooms = False

    def new_id(self, kind: str) -> str:
        """Two letters and 32 hexadecimal digits."""
        return new_sid(kind)

    def queue_id(self, name: str) -> str:
        """A sid that is made of the name."""
        return f"QU{md5(name.encode(), usedforsecurity=False).hexdigest()}"

    def prepared(self, document: str) -> str:
        """The document as it came."""
        return document

    def voice_fault(self, voice: str, language: str) -> str:
        """Twilio's error for a voice that is none, or does not speak a language."""
        return fault_of(voice, language)

    def verdict(self, detection: str, *, machine: bool) -> str:
        """`human`, or what the kind of detection can tell of a machine."""
        return MACHINES.get(detection, "unknown") if machine else "human"

    def about(self, call: Call) -> Form:
        """The parameters that every request about a call has."""
        parameters = {
            "CallSid": call.sid,
            "AccountSid": call.account_sid,
            "From": call.from_,
            "To": call.to,
            "Caller": call.from_,
            "Called": call.to,
            "CallStatus": call.status,
            "Direction": call.direction,
            "ApiVersion": "2010-04-01",
            **places(From=call.from_, To=call.to, Caller=call.from_, Called=call.to),
        }
        if call.parent:
            parameters["ParentCallSid"] = call.parent
        if call.forwarded_from:
            parameters["ForwardedFrom"] = call.forwarded_from
        if call.direction == "inbound":
            parameters["StirVerstat"] = "TN-Validation-Passed-A"
        return parameters

    def arrival(self, call: Call) -> Form:
        """The token with which calls that are placed because of this one may show its caller."""
        return {"CallToken": call_token(call)}

    def progress(self, call: Call, at: datetime) -> Form:
        """The source of the callback; at the end the length of the call, and when it was."""
        source = {"CallbackSource": "call-progress-events"}
        if call.ended is None:
            return source
        return source | {
            "CallDuration": str(call.seconds),
            "Duration": str(-(-call.seconds // 60)),
            "Timestamp": timestamp(at),
            "SequenceNumber": "0",
        }

    def dialed(self, leg: Call, status: str, *, bridged: bool, seconds: int) -> Form:
        """Only `DialBridged` says whether they talked."""
        told = {"DialCallStatus": status, "DialCallSid": leg.sid, "DialBridged": str(bridged).lower()}
        return told | ({"DialCallDuration": str(seconds)} if bridged else {})

    def recording_url(self, recording: Recording) -> str:
        """The address of a recording; with `.mp3` or `.wav` appended, of its sound."""
        return f"https://api.twilio.com/2010-04-01/Accounts/{recording.account_sid}/Recordings/{recording.sid}"

    def channels(self, verb: Element) -> int:
        """One, unless a Dial asks for two."""
        return 2 if verb.get("record", "").endswith("-dual") else 1

    def about_recording(self, recording: Recording) -> Form:
        """Its sid, address and length."""
        return {
            "RecordingSid": recording.sid,
            "RecordingUrl": self.recording_url(recording),
            "RecordingDuration": str(recording.seconds),
        }

    def recording_status(self, call: Call, recording: Recording, status: str) -> Form:
        """The call and its recording."""
        return {
            **self.about(call),
            **self.about_recording(recording),
            "RecordingStatus": status,
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": timestamp(recording.created),
            "RecordingSource": recording.source,
            "RecordingTrack": "both",
        }

    def transcript_goes_to(self, verb: Element) -> str | None:
        """The `transcribeCallback`, which alone asks for one too."""
        url = verb.get("transcribeCallback", "")
        return url if url or flag(verb, "transcribe") else None

    def transcript(self, call: Call, recording: Recording, sid: str, words: str | None) -> Form:
        """The call, its recording and what was said."""
        return {
            **self.about(call),
            **self.about_recording(recording),
            **({} if words is None else {"TranscriptionText": words}),
            "TranscriptionSid": sid,
            "TranscriptionStatus": "failed" if words is None else "completed",
            "TranscriptionType": "fast",
            "TranscriptionUrl": f"{self.recording_url(recording)}/Transcriptions/{sid}",
        }


def call_token(call: Call) -> str:
    """What lets calls that are placed because of a call show its caller's number."""
    return json.dumps({"parentCallInfoToken": f"token-of-{call.sid}", "identityHeaderTokens": []})
