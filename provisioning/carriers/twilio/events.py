"""Reads the carrier's callbacks into events. All are forms, except for porting, which is JSON.

https://www.twilio.com/docs/messaging/guides/webhook-request · https://www.twilio.com/docs/voice/twiml#request-parameters
"""

import json
import re
from collections.abc import Mapping

from provisioning.carriers.twilio.signatures import fields
from provisioning.carriers.twilio.vocabulary import CALL_OUTCOMES, MESSAGE_STATUSES, dialed_at, evened, trouble
from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    Event,
    KeyPressed,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
    PickedUp,
    ProofEnded,
    RegistrationChanged,
    RingEnded,
    Subject,
    TalkRecorded,
    TranscriptReady,
    Unfamiliar,
    VoicemailLeft,
)
from provisioning.withheld_numbers import caller

Form = Mapping[str, str]

ORDER = re.compile(r"KW[0-9a-fA-F]{32}")
MEDIA_FIELDS = tuple(f"MediaUrl{index}" for index in range(10))
OPT_OUT_WORDS = frozenset({"stop", "start", "help"})
A_TALK = "DialVerb"
SIDS = ("MessageSid", "CallSid", "RecordingSid", "BundleSid")
LONGEST_SID = 64
LONGEST_REASON = 500
MOST_SECONDS = 7 * 24 * 60 * 60
CALL_IS_OVER = frozenset({"completed", "busy", "failed", "no_answer", "canceled"})


def read_order_changed(body: bytes) -> Event:
    """Read a porting callback. Only the request's sid is used; event names and statuses are ignored."""
    found = json.loads(body)
    reference = found.get("port_in_request_sid") if isinstance(found, dict) else None
    if not isinstance(reference, str) or not ORDER.fullmatch(reference):
        return Unfamiliar("a porting callback without a request's sid")
    return OrderChanged(reference)


def read_form(subject: Subject, body: bytes) -> Event:
    """Read any other callback. Raises `KeyError` or `ValueError` where a required field is missing or wrong.

    NUL is left out: it means nothing in a text, and PostgreSQL keeps none.
    """
    form = {name: value.replace("\0", "") for name, value in fields(body)}
    if any(len(form.get(name, "")) > LONGEST_SID for name in SIDS):
        raise ValueError("a sid that is none")
    return READERS[subject](form)


def _message(form: Form) -> Event:
    opt_out = form.get("OptOutType", "").lower()
    return MessageArrived(
        reference=form["MessageSid"],
        sender=form["From"],
        recipient=form["To"],
        text=form.get("Body", ""),
        media_urls=tuple(form[name] for name in MEDIA_FIELDS if name in form),
        opt_out=opt_out if opt_out in OPT_OUT_WORDS else "",
    )


def _message_status(form: Form) -> Event:
    status = MESSAGE_STATUSES.get(evened(form["MessageStatus"]))
    if status is None:
        return Unfamiliar(f"message status {form['MessageStatus']!r}")
    reason = trouble(form.get("ErrorCode"))
    return MessageProgressed(form["MessageSid"], status, reason, form.get("From", ""), form.get("To", ""))


def _voice(form: Form) -> Event:
    """Read a voice callback. One address gets both the arrival and the end of each step; its fields tell which."""
    if "DialCallStatus" in form:
        return _ring_ended(form)
    if "RecordingUrl" in form:
        return _voicemail(form)
    if form.get("Digits"):
        pressed = form["CallSid"], form["Digits"], caller(form.get("From", "")), dialed_at(form.get("To", ""))
        return KeyPressed(*pressed, form.get("ParentCallSid", ""))
    known = form["CallSid"], caller(form["From"]), dialed_at(form["To"])
    return CallArrived(*known, form.get("ForwardedFrom", ""), form.get("CallToken", ""))


def _ring_ended(form: Form) -> Event:
    """`DialCallStatus` is `completed` also for a phone that was picked up and not put through; `DialBridged` tells."""
    outcome = CALL_OUTCOMES.get(evened(form["DialCallStatus"]))
    if outcome is None:
        return Unfamiliar(f"dial status {form['DialCallStatus']!r}")
    if outcome is CallOutcome.ANSWERED and form.get("DialBridged") == "false":
        outcome = CallOutcome.NOT_TAKEN
    return RingEnded(form["CallSid"], caller(form["From"]), form["To"], outcome)


def _call_status(form: Form) -> Event:
    if evened(form["CallStatus"]) not in CALL_IS_OVER:
        return Unfamiliar(f"call status {form['CallStatus']!r}")
    return CallEnded(form["CallSid"], caller(form["From"]), form["To"], _number(form, "CallDuration"))


def _picked_up(form: Form) -> Event:
    """Read a verdict: `human`, `unknown`, `fax`, or a word that begins with `machine`."""
    return PickedUp(form["CallSid"], form["AnsweredBy"].startswith(("machine", "fax")))


def _recording(form: Form) -> Event:
    if form["RecordingStatus"] != "completed":
        return Unfamiliar(f"recording status {form['RecordingStatus']!r}")
    if form.get("RecordingSource") == A_TALK:
        return TalkRecorded(
            form["CallSid"], form["RecordingSid"], _recording_url(form), _number(form, "RecordingDuration")
        )
    return _voicemail(form)


def _voicemail(form: Form) -> Event:
    return VoicemailLeft(
        form["CallSid"], form["RecordingSid"], _recording_url(form), _number(form, "RecordingDuration")
    )


def _recording_url(form: Form) -> str:
    """The address of the recording as MP3, which is a tenth of the size of the default WAV."""
    return f"{form['RecordingUrl'].removesuffix('.wav').removesuffix('.mp3')}.mp3"


def _transcript(form: Form) -> Event:
    """Read a transcription. One that failed, as for short recordings, has no words."""
    return TranscriptReady(form["CallSid"], form["RecordingSid"], form.get("TranscriptionText", ""))


def _number_proof(form: Form) -> Event:
    return ProofEnded(form["To"])


def _registration(form: Form) -> Event:
    """Read what became of a bundle; its status is asked for."""
    return RegistrationChanged(form["BundleSid"], form.get("FailureReason", "")[:LONGEST_REASON])


def _number(form: Form, name: str) -> int:
    """A length in seconds. Raises `ValueError` where it is none."""
    seconds = int(form.get(name) or 0)
    if abs(seconds) > MOST_SECONDS:
        raise ValueError("no length of a call")
    return seconds


READERS = {
    Subject.MESSAGE: _message,
    Subject.MESSAGE_STATUS: _message_status,
    Subject.VOICE: _voice,
    Subject.CALL_STATUS: _call_status,
    Subject.PICKED_UP: _picked_up,
    Subject.RECORDING: _recording,
    Subject.TRANSCRIPT: _transcript,
    Subject.NUMBER_PROOF: _number_proof,
    Subject.REGISTRATION: _registration,
}
