"""Reads what the carrier posts about calls, which are forms in the words of TeXML.

https://developers.telnyx.com/docs/voice/programmable-voice/texml-setup
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from provisioning.carriers.telnyx.vocabulary import CALL_OUTCOMES
from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallPlaced,
    Event,
    KeyPressed,
    RingEnded,
    Subject,
    TalkRecorded,
    TranscriptReady,
    Unfamiliar,
    VoicemailLeft,
)
from provisioning.withheld_numbers import caller

Form = Mapping[str, str]

MOST_FIELDS = 200
LONGEST_ID = 64
IDS = ("CallSid", "ParentCallSid", "RecordingSid")
MOST_SECONDS = 7 * 24 * 60 * 60
LONGEST_WORD = 60

CALL_IS_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
CALL_WAS_PLACED = "initiated"
CALL_GOES_ON = frozenset({"queued", "ringing", "in-progress"})
A_TALK = frozenset({"DialVerb", "Conference"})


def read_form(subject: Subject, body: bytes) -> tuple[Event, ...]:
    """Read a form. Raises `KeyError` or `ValueError` where a required field is missing or wrong.

    NUL is left out: it means nothing, and PostgreSQL keeps none.
    """
    pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    form = {name: value.replace("\0", "") for name, value in pairs}
    if any(len(form.get(name, "")) > LONGEST_ID for name in IDS):
        raise ValueError("an id that is none")
    return READERS[subject](form)


def _voice(form: Form) -> tuple[Event, ...]:
    """Read what asks for the next steps of a call: its arrival, or the end of a step, which its fields tell."""
    if "DialCallStatus" in form:
        return (_ring_ended(form),)
    if "RecordingUrl" in form:
        return (_recorded(form),)
    if form.get("Digits"):
        pressed = form["CallSid"], form["Digits"], caller(form.get("From", "")), form.get("To", "")
        return (KeyPressed(*pressed, form.get("ParentCallSid", "")),)
    # that another number forwarded a call is not documented
    return (CallArrived(form["CallSid"], caller(form["From"]), form["To"], form.get("ForwardedFrom", "")),)


def _ring_ended(form: Form) -> Event:
    """A phone that was picked up and not put through counts as answered: the carrier does not tell the difference."""
    word = form["DialCallStatus"]
    outcome = CALL_OUTCOMES.get(word)
    if outcome is None:
        return Unfamiliar(f"dial status {word[:LONGEST_WORD]!r}")
    return RingEnded(form["CallSid"], caller(form["From"]), form["To"], outcome)


def _call_status(form: Form) -> tuple[Event, ...]:
    """Read how far a call has come. An application is told of each step, of which the first and last are acted on."""
    word, parent = form["CallStatus"], form.get("ParentCallSid", "")
    if word == CALL_WAS_PLACED:
        return (CallPlaced(form["CallSid"], parent),)
    if word in CALL_IS_OVER:
        ended = CallEnded(form["CallSid"], caller(form["From"]), form["To"], _seconds(form, "CallDuration"))
        return (replace(ended, parent=parent),)
    return () if word in CALL_GOES_ON else (Unfamiliar(f"call status {word[:LONGEST_WORD]!r}"),)


def _recording(form: Form) -> tuple[Event, ...]:
    word = form["RecordingStatus"]
    return (_recorded(form) if word == "completed" else Unfamiliar(f"recording status {word[:LONGEST_WORD]!r}"),)


def _recorded(form: Form) -> Event:
    """Read a recording. Its link lives for ten minutes; by the id behind it a new one is asked for.

    That of a room may name the room alone.
    """
    kind = TalkRecorded if form.get("RecordingSource") in A_TALK or form.get("ConferenceSid") else VoicemailLeft
    url = f"{form['RecordingUrl']}#{form['RecordingSid']}"
    call = form.get("CallSid", "") if form.get("ConferenceSid") else form["CallSid"]
    return kind(call, form["RecordingSid"], url, _seconds(form, "RecordingDuration"))


def _transcript(form: Form) -> tuple[Event, ...]:
    return (TranscriptReady(form["CallSid"], form["RecordingSid"], form.get("TranscriptionText", "")),)


READERS: Mapping[Subject, Callable[[Form], tuple[Event, ...]]] = {
    Subject.VOICE: _voice,
    Subject.CALL_STATUS: _call_status,
    Subject.RECORDING: _recording,
    Subject.TRANSCRIPT: _transcript,
}


def _seconds(form: Form, name: str) -> int:
    seconds = int(form.get(name) or 0)
    if abs(seconds) > MOST_SECONDS:
        raise ValueError("no length of a call")
    return seconds
