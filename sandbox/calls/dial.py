"""The Dial verb: legs ring, somebody answers or nobody does. https://www.twilio.com/docs/voice/twiml/dial."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sandbox.calls.line import IN_PROGRESS, Caller, Goto, flag, recording_url
from sandbox.calls.record import tell_as_asked
from sandbox.calls.rooms import dial_conference, dial_queue
from sandbox.calls.walk import HungUp, Walk
from sandbox.records import Call, new_sid

MOST_LEGS = 10
DEEPEST = 4
TALK = 30
FAILURES = {"busy", "no-answer", "failed"}
ROOMS = {"Queue": dial_queue, "Conference": dial_conference}
Forward = Callable[[Walk, Call, str], str]


@dataclass(frozen=True, slots=True)
class Target:
    """What is rung: a number, or a client or SIP address, with the element that names it."""

    address: str
    noun: Element


def dial(walk: Walk, verb: Element, forward: Forward) -> Goto | None:
    """Ring, talk or not, and go on with the action. `forward` plays a call to one of our own numbers."""
    for noun in verb:
        if meet := ROOMS.get(noun.tag):
            return walk.goto(verb, meet(walk, verb, noun))
    targets = _targets(verb)
    shown = verb.get("callerId", walk.call.from_)
    if not walk.line.may_show(walk.call, shown):
        walk.note(f"error 13214: {shown} may not be shown as the caller")
        return walk.goto(verb, {"DialCallStatus": "failed"})
    if not targets or len(targets) > MOST_LEGS:
        walk.note(f"error 13224: {len(targets)} legs cannot be dialled")
        return walk.goto(verb, {"DialCallStatus": "failed"})
    legs = [(_leg(walk, target, shown), target) for target in targets]
    ends = _one_by_one(walk, legs, forward) if flag(verb, "sequential") else _at_once(walk, legs, forward)
    return _after(walk, verb, ends)


def _targets(verb: Element) -> list[Target]:
    nouns = [noun for noun in verb if noun.tag in {"Number", "Client", "Sip"}]
    named = [Target(_address(noun), noun) for noun in nouns]
    plain = (verb.text or "").strip()
    return named or ([Target(plain, verb)] if plain else [])


def _address(noun: Element) -> str:
    address = (noun.text or "").strip()
    return f"client:{address}" if noun.tag == "Client" else address


def _leg(walk: Walk, target: Target, shown: str) -> Call:
    now = walk.line.exchange.now()
    sid, account_sid = new_sid("CA"), walk.call.account_sid
    return Call(sid, account_sid, shown, target.address, "outbound-dial", "queued", now, walk.call.sid)


def _at_once(walk: Walk, legs: list[tuple[Call, Target]], forward: Forward) -> list[tuple[str, Call]]:
    """All legs ring; the first that is taken, in the order of the document, silences the others."""
    for leg, target in legs:
        _ring(walk, leg, target)
    ends: list[tuple[str, Call]] = []
    for leg, target in legs:
        taken = any(status == "completed" for status, _ in ends)
        if taken:
            _finish(walk, leg, target, "canceled")
        ends.append(("canceled" if taken else _pick_up(walk, leg, target, forward), leg))
    return ends


def _one_by_one(walk: Walk, legs: list[tuple[Call, Target]], forward: Forward) -> list[tuple[str, Call]]:
    """A leg rings when the one before it was not taken."""
    ends = []
    for leg, target in legs:
        _ring(walk, leg, target)
        ends.append((_pick_up(walk, leg, target, forward), leg))
        if ends[-1][0] == "completed":
            break
    return ends


def _ring(walk: Walk, leg: Call, target: Target) -> None:
    walk.line.begin(leg)
    walk.note(f"rings {target.address}")
    _event(walk, leg, target, "initiated", "initiated")
    _event(walk, leg, target, "ringing", "ringing")


def _pick_up(walk: Walk, leg: Call, target: Target, forward: Forward) -> str:
    """Let the other end answer, or not; `completed` if it was talked on, else why not."""
    answer = _answer(walk, target.address)
    if answer.startswith("forward:"):
        walk.note(f"{target.address} forwards to {answer.removeprefix('forward:')}")
        answer = forward(walk, leg, answer.removeprefix("forward:"))
    elif answer == "ours":
        answer = forward(walk, leg, target.address)
    if answer in FAILURES:
        walk.note(f"{target.address} is busy" if answer == "busy" else f"{target.address} does not answer")
        _finish(walk, leg, target, answer)
        return answer
    walk.note(f"{target.address} answers")
    _event(walk, leg, target, "answered", IN_PROGRESS)
    taken = _screened(walk, leg, target, answer)
    if taken:
        walk.note(f"talks with {target.address}", TALK)
    _finish(walk, leg, target, "completed" if taken else "no-answer")
    return "completed" if taken else "no-answer"


def _answer(walk: Walk, address: str) -> str:
    """How the other end answers; a call passed on too often, as in a circle of forwardings, finds it busy."""
    ours = walk.line.reached(address, walk.call.from_) and address not in walk.caller.answers
    answer = "ours" if ours else walk.line.answer(address, walk.caller)
    passed_on = answer == "ours" or answer.startswith("forward:")
    return "busy" if passed_on and walk.depth >= DEEPEST else answer


def _screened(walk: Walk, leg: Call, target: Target, answer: str) -> bool:
    """Whether the one who answered takes the call: with a `url` he first hears that document alone."""
    url = target.noun.get("url", "") if target.noun.tag != "Dial" else ""
    if not url:
        return True
    keys = answer.removeprefix("press:") if answer.startswith("press:") else ""
    whisper = walk.beside(leg, Caller(keys=keys))
    try:
        whisper.follow(Goto(walk.absolute(url), target.noun.get("method", "POST")))
    except HungUp:
        return False
    finally:
        for words in leg.transcript:
            walk.note(f"   {target.address}: {words}")
    return True


def _event(walk: Walk, leg: Call, target: Target, event: str, status: str) -> None:
    leg.status = status
    url = walk.absolute(target.noun.get("statusCallback", ""))
    if event in target.noun.get("statusCallbackEvent", "completed").split():
        told = {"CallbackSource": "call-progress-events", "CallDuration": str(leg.seconds)}
        walk.line.tell(leg, url, target.noun.get("statusCallbackMethod", "POST"), told)


def _finish(walk: Walk, leg: Call, target: Target, status: str) -> None:
    leg.seconds += TALK if status == "completed" else 0
    walk.line.end(leg, status)
    _event(walk, leg, target, "completed", status)


def _after(walk: Walk, verb: Element, ends: list[tuple[str, Call]]) -> Goto | None:
    statuses = [status for status, _ in ends]
    best = next((status for status in ("completed", "no-answer", "busy") if status in statuses), "failed")
    leg = next(leg for status, leg in ends if status == best)
    told = {"DialCallStatus": best, "DialCallSid": leg.sid, "DialBridged": str(best == "completed").lower()}
    if best == "completed":
        told["DialCallDuration"] = str(TALK)
        how = verb.get("record", "do-not-record")
        if how not in {"do-not-record", "false"}:
            recording = walk.line.record(walk.call, "(a conversation)", "DialVerb", 2 if how.endswith("-dual") else 1)
            walk.note("the conversation is recorded")
            tell_as_asked(walk, verb, recording)
            told["RecordingUrl"] = recording_url(recording)
    elif best == "no-answer":
        walk.note("nobody answers", int(verb.get("timeout", "30")))
    return walk.goto(verb, told)
