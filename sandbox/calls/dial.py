"""The Dial verb: legs ring, somebody answers or nobody does. https://www.twilio.com/docs/voice/twiml/dial."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sandbox.calls.line import IN_PROGRESS, Caller, Goto, flag, recording_url
from sandbox.calls.record import tell_as_asked
from sandbox.calls.rooms import dial_conference, dial_queue
from sandbox.calls.walk import HungUp, Walk
from sandbox.phones import how_it_answers
from sandbox.records import Call, new_sid

MOST_LEGS = 10
DEEPEST = 4
TALK = 30
BUFFER = 5  # seconds that a leg may ring beyond its time-out
FAILURES = {"busy", "no-answer", "failed"}
ROOMS = {"Queue": dial_queue, "Conference": dial_conference}
Forward = Callable[[Walk, Call, str], str]


@dataclass(frozen=True, slots=True)
class Target:
    """What is rung: a number, or a client or SIP address, with the element that names it."""

    address: str
    noun: Element


@dataclass(frozen=True, slots=True)
class Ringing:
    """A leg that rings: what will come of it, and after how many seconds."""

    leg: Call
    target: Target
    answer: str
    seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """How a leg ended; `bridged` if it talked with the caller."""

    leg: Call
    status: str
    picked_up: bool = False
    bridged: bool = False


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
    ringings = [_ringing(walk, target, shown) for target in targets]
    longest = int(verb.get("timeout", "30")) + BUFFER
    groups = [[each] for each in ringings] if flag(verb, "sequential") else [ringings]
    return _after(walk, verb, _ring_groups(walk, groups, longest, forward))


def _targets(verb: Element) -> list[Target]:
    nouns = [noun for noun in verb if noun.tag in {"Number", "Client", "Sip"}]
    named = [Target(_address(noun), noun) for noun in nouns]
    plain = (verb.text or "").strip()
    return named or ([Target(plain, verb)] if plain else [])


def _address(noun: Element) -> str:
    address = (noun.text or "").strip()
    return f"client:{address}" if noun.tag == "Client" else address


def _ringing(walk: Walk, target: Target, shown: str) -> Ringing:
    now = walk.line.exchange.now()
    leg = Call(new_sid("CA"), walk.call.account_sid, shown, target.address, "outbound-dial", "queued", now)
    leg.parent = walk.call.sid
    return Ringing(leg, target, *_answer(walk, target.address))


def _ring_groups(walk: Walk, groups: list[list[Ringing]], longest: int, forward: Forward) -> list[End]:
    """Ring one group of phones after the other, until something picks up; how each leg ended."""
    ends: list[End] = []
    for group in groups:
        ends += _ring_together(walk, group, longest, forward)
        if any(end.picked_up for end in ends):
            break
    return ends


def _ring_together(walk: Walk, group: list[Ringing], longest: int, forward: Forward) -> list[End]:
    """All ring at once; the first pick-up hangs up the others, even if it then does not take the call."""
    for each in group:
        _ring(walk, each)
    waiting, ends = sorted(group, key=lambda each: each.seconds), list[End]()
    while waiting:
        first = waiting.pop(0)
        answer = _pick_up(walk, first, longest, forward)
        if answer not in FAILURES:
            walk.note(f"{first.target.address} answers")
            ends += [_hang_up(walk, other) for other in waiting]
            return [*ends, _talk(walk, first, answer)]
        ends.append(_give_up(walk, first, answer))
    return ends


def _ring(walk: Walk, ringing: Ringing) -> None:
    walk.line.begin(ringing.leg)
    walk.note(f"rings {ringing.target.address}")
    _event(walk, ringing, "initiated", "initiated")
    _event(walk, ringing, "ringing", "ringing")


def _answer(walk: Walk, address: str) -> tuple[str, int]:
    """How the other end answers, and when; a call passed on too often, as in a circle of forwardings, finds it busy."""
    ours = walk.line.reached(address, walk.call.from_) and address not in walk.caller.answers
    answer, seconds = how_it_answers("ours") if ours else walk.line.ringing(address, walk.caller)
    passed_on = answer == "ours" or answer.startswith("forward:")
    return how_it_answers("busy") if passed_on and walk.depth >= DEEPEST else (answer, seconds)


def _pick_up(walk: Walk, ringing: Ringing, longest: int, forward: Forward) -> str:
    """What becomes of a leg that has rung for its time; a call to a number of ours, or sent on to one, is played."""
    address, answer = ringing.target.address, ringing.answer
    if ringing.seconds > longest:
        return "no-answer"
    if answer.startswith("forward:"):
        walk.note(f"{address} forwards to {answer.removeprefix('forward:')}")
        return forward(walk, ringing.leg, answer.removeprefix("forward:"))
    return forward(walk, ringing.leg, address) if answer == "ours" else answer


def _give_up(walk: Walk, ringing: Ringing, failure: str) -> End:
    address = ringing.target.address
    walk.note(f"{address} is busy" if failure == "busy" else f"{address} does not answer")
    _finish(walk, ringing, failure)
    return End(ringing.leg, failure)


def _hang_up(walk: Walk, ringing: Ringing) -> End:
    walk.note(f"{ringing.target.address} stops ringing")
    _finish(walk, ringing, "canceled")
    return End(ringing.leg, "canceled")


def _talk(walk: Walk, ringing: Ringing, answer: str) -> End:
    """The leg was picked up: it talks with the caller, unless a screening document ends it before."""
    _event(walk, ringing, "answered", IN_PROGRESS)
    bridged = _screened(walk, ringing.leg, ringing.target, answer)
    if bridged:
        walk.note(f"talks with {ringing.target.address}", TALK)
        ringing.leg.seconds += TALK
    _finish(walk, ringing, "completed")
    return End(ringing.leg, "completed", picked_up=True, bridged=bridged)


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


def _event(walk: Walk, ringing: Ringing, event: str, status: str) -> None:
    leg, noun = ringing.leg, ringing.target.noun
    leg.status = status
    url = walk.absolute(noun.get("statusCallback", ""))
    if event in noun.get("statusCallbackEvent", "completed").split():
        told = {"CallbackSource": "call-progress-events", "CallDuration": str(leg.seconds)}
        walk.line.tell(leg, url, noun.get("statusCallbackMethod", "POST"), told)


def _finish(walk: Walk, ringing: Ringing, status: str) -> None:
    walk.line.end(ringing.leg, status)
    _event(walk, ringing, "completed", status)


def _after(walk: Walk, verb: Element, ends: list[End]) -> Goto | None:
    """What the action is told of the leg that came furthest. `DialBridged` alone tells a talk from a mere pick-up."""
    statuses = [end.status for end in ends]
    best = next((status for status in ("completed", "no-answer", "busy") if status in statuses), "failed")
    end = next(end for end in ends if end.status == best)
    told = {"DialCallStatus": best, "DialCallSid": end.leg.sid, "DialBridged": str(end.bridged).lower()}
    if end.bridged:
        told |= {"DialCallDuration": str(TALK), **_recorded(walk, verb)}
    elif best == "no-answer":
        walk.note("nobody answers", int(verb.get("timeout", "30")))
    return walk.goto(verb, told)


def _recorded(walk: Walk, verb: Element) -> dict[str, str]:
    """The recording of a talk, where the Dial asks for one; what the action is told of it."""
    how = verb.get("record", "do-not-record")
    if how in {"do-not-record", "false"}:
        return {}
    recording = walk.line.record(walk.call, "(a conversation)", "DialVerb", 2 if how.endswith("-dual") else 1)
    walk.note("the conversation is recorded")
    tell_as_asked(walk, verb, recording)
    return {"RecordingUrl": recording_url(recording)}
