"""The Dial verb: legs ring until one is picked up or none is left. https://www.twilio.com/docs/voice/twiml/dial."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sandbox.calls.conferences import dial_conference
from sandbox.calls.emergency import is_emergency, who_sees_what
from sandbox.calls.recording import record_talk
from sandbox.calls.records import Call, Caller, Place
from sandbox.calls.switch import BUFFER, CLIENT, FAILURES, IN_PROGRESS, Goto, flag
from sandbox.calls.twiml_player import HungUp, Stayed, TwimlPlayer
from sandbox.phones import how_it_answers

MOST_LEGS = 10
DEEPEST = 4
TALK = 30
Forward = Callable[[TwimlPlayer, Call, str], str]


@dataclass(frozen=True, slots=True)
class Target:
    """What a leg rings: a number, or a client or SIP address, with the element that names it."""

    address: str
    noun: Element


@dataclass(frozen=True, slots=True)
class Ringing:
    """A ringing leg: how it will be answered, and after how many seconds."""

    leg: Call
    target: Target
    answer: str
    seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """How a leg ended: `picked_up` by a person or a voicemail, `bridged` if it talked with the caller."""

    leg: Call
    status: str
    picked_up: bool = False
    bridged: bool = False


def dial(player: TwimlPlayer, verb: Element, forward: Forward) -> Goto | None:
    """Ring the legs of a Dial and return its action. `forward` plays a leg that reaches a number of the account."""
    for noun in verb:
        if noun.tag == "Conference":
            return player.goto(verb, dial_conference(player, verb, noun))
    targets = _targets(verb, player.dialect.nouns)
    shown = verb.get("callerId", player.call.from_)
    if not player.switch.may_show(player.call, shown):
        player.note(f"error 13214: {shown} may not be shown as the caller")
        return player.goto(verb, {"DialCallStatus": "failed"})
    if not targets or len(targets) > MOST_LEGS:
        player.note(f"error 13224: {len(targets)} legs cannot be dialled")
        return player.goto(verb, {"DialCallStatus": "failed"})
    ringings = [_ringing(player, target, shown) for target in targets]
    longest = int(verb.get("timeout", "30")) + BUFFER
    groups = [[each] for each in ringings] if flag(verb, "sequential") else [ringings]
    return _after(player, verb, _ring_groups(player, groups, longest, forward))


def _targets(verb: Element, known: frozenset[str]) -> list[Target]:
    nouns = [noun for noun in verb if noun.tag in known]
    named = [Target(_address(noun), noun) for noun in nouns]
    plain = (verb.text or "").strip()
    return named or ([Target(plain, verb)] if plain else [])


def _address(noun: Element) -> str:
    address = (noun.text or "").strip()
    return f"client:{address}" if noun.tag == "Client" else address


def _ringing(player: TwimlPlayer, target: Target, shown: str) -> Ringing:
    now, sid = player.switch.exchange.now(), player.dialect.new_id("CA")
    leg = Call(sid, player.call.account_sid, shown, target.address, "outbound-dial", "queued", now)
    leg.parent = player.call.sid
    return Ringing(leg, target, *_answer(player, target.address, shown))


def _ring_groups(player: TwimlPlayer, groups: list[list[Ringing]], longest: int, forward: Forward) -> list[End]:
    """Ring one group of legs after the other until one is picked up; how each leg ended."""
    ends: list[End] = []
    for group in groups:
        ends += _ring_together(player, group, longest, forward)
        if any(end.picked_up for end in ends):
            break
    return ends


def _ring_together(player: TwimlPlayer, group: list[Ringing], longest: int, forward: Forward) -> list[End]:
    """Ring all legs of a group. The first pick-up hangs up the others, even if it does not take the call."""
    for each in group:
        _ring(player, each)
    waiting, ends = sorted(group, key=lambda each: each.seconds), list[End]()
    while waiting:
        first = waiting.pop(0)
        answer = _pick_up(player, first, longest, forward)
        if answer not in FAILURES:
            player.note(f"{first.target.address} answers")
            ends += [_hang_up(player, other) for other in waiting]
            return [*ends, _talk(player, first, answer)]
        ends.append(_give_up(player, first, answer))
    return ends


def _ring(player: TwimlPlayer, ringing: Ringing) -> None:
    ringing.leg.started = player.switch.exchange.now()
    player.switch.begin(ringing.leg)
    player.note(f"rings {ringing.target.address}")
    _event(player, ringing, "initiated", "initiated")
    _event(player, ringing, "ringing", "ringing")


def _answer(player: TwimlPlayer, address: str, shown: str) -> tuple[str, int]:
    """How a leg will be answered, and when. A call forwarded too often, as in a loop, finds the phone busy."""
    if is_emergency(address):
        return _help(player, address, shown)
    ours = player.switch.reached(address, player.call.from_) and address not in player.caller.answers
    answer, seconds = how_it_answers("ours") if ours else player.switch.ringing(address, player.caller)
    passed_on = answer == "ours" or answer.startswith("forward:")
    return how_it_answers("busy") if passed_on and player.depth >= DEEPEST else (answer, seconds)


def _help(player: TwimlPlayer, address: str, shown: str) -> tuple[str, int]:
    """How emergency services answer, as other phones do where the carrier puts the call through to them."""
    seen = who_sees_what(player.switch, player.call.account_sid, address, shown)
    if seen is None:
        player.note(f"error 13224: {address} is no emergency number for {shown}")
        return how_it_answers("failed")
    player.note(f"{address} sees {shown} at {seen}")
    return player.switch.ringing(address, player.caller)


def _pick_up(player: TwimlPlayer, ringing: Ringing, longest: int, forward: Forward) -> str:
    """How a leg is answered in the end. One that reaches a number of the account is played there."""
    address, answer = ringing.target.address, ringing.answer
    if ringing.seconds > longest:
        return "no-answer"
    if answer.startswith("forward:"):
        player.note(f"{address} forwards to {answer.removeprefix('forward:')}")
        return forward(player, ringing.leg, answer.removeprefix("forward:"))
    return forward(player, ringing.leg, address) if answer == "ours" else answer


def _give_up(player: TwimlPlayer, ringing: Ringing, failure: str) -> End:
    address = ringing.target.address
    player.note(f"{address} is busy" if failure == "busy" else f"{address} does not answer")
    _finish(player, ringing, failure)
    return End(ringing.leg, failure)


def _hang_up(player: TwimlPlayer, ringing: Ringing) -> End:
    player.note(f"{ringing.target.address} stops ringing")
    _finish(player, ringing, "canceled")
    return End(ringing.leg, "canceled")


def _talk(player: TwimlPlayer, ringing: Ringing, answer: str) -> End:
    """Bridge a leg that was picked up, unless its screening document hangs up first."""
    _event(player, ringing, "answered", IN_PROGRESS)
    bridged = _screened(player, ringing.leg, ringing.target, answer)
    if bridged and player.call.to.startswith(CLIENT) and not player.depth:
        return End(ringing.leg, IN_PROGRESS, picked_up=True, bridged=True)
    if bridged:
        player.note(f"talks with {ringing.target.address}", TALK)
        ringing.leg.seconds += TALK
    _finish(player, ringing, "completed")
    return End(ringing.leg, "completed", picked_up=True, bridged=bridged)


def _screened(player: TwimlPlayer, leg: Call, target: Target, answer: str) -> bool:
    """Whether the call may be bridged: with a `url` the person who picked up hears that document first, alone."""
    url = target.noun.get("url", "") if target.noun.tag != "Dial" else ""
    if not url:
        return True
    keys = answer.removeprefix("press:") if answer.startswith("press:") else ""
    whisper = player.beside(leg, Caller(keys=keys))
    whisper.screens = True
    try:
        whisper.follow(Goto(player.absolute(url), target.noun.get("method", "POST")))
    except HungUp:
        return False
    finally:
        for words in leg.transcript:
            player.note(f"   {target.address}: {words}")
    return True


def _event(player: TwimlPlayer, ringing: Ringing, event: str, status: str) -> None:
    leg, noun = ringing.leg, ringing.target.noun
    leg.status = status
    url = player.absolute(noun.get("statusCallback", ""))
    if event in noun.get("statusCallbackEvent", "completed").split():
        player.switch.notify_progress(leg, url, noun.get("statusCallbackMethod", "POST"))


def _finish(player: TwimlPlayer, ringing: Ringing, status: str) -> None:
    player.switch.end(ringing.leg, status)
    _event(player, ringing, "completed", status)


def end_talk(player: TwimlPlayer, leg_sid: str) -> dict[str, str]:
    """End the leg with which a browser talks; what the action of its Dial is told."""
    leg = player.switch.exchange.state.calls[leg_sid]
    leg.seconds += TALK
    player.switch.end(leg, "completed")
    return player.dialect.dialed(leg, "completed", bridged=True, seconds=TALK)


def _after(player: TwimlPlayer, verb: Element, ends: list[End]) -> Goto | None:
    """Return the action with the result of the leg that got furthest.

    A browser talks until somebody hangs up, so its call stays here.
    """
    statuses = [end.status for end in ends]
    if talking := next((end.leg for end in ends if end.status == IN_PROGRESS), None):
        raise Stayed(Place.DIAL, talking.sid, verb)
    best = next((status for status in ("completed", "no-answer", "busy") if status in statuses), "failed")
    end = next(end for end in ends if end.status == best)
    parameters = player.dialect.dialed(end.leg, best, bridged=end.bridged, seconds=TALK if end.bridged else 0)
    if end.bridged:
        parameters |= record_talk(player, verb)
    elif best == "no-answer":
        player.note("nobody answers", int(verb.get("timeout", "30")))
    return player.goto(verb, parameters)
