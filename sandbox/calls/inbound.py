"""Calls from outside to a number of the account. Each is played at once, until it ends or waits for something."""

from functools import partial

from sandbox.calls import twiml_player as verbs
from sandbox.calls.browsers import Browsers
from sandbox.calls.dial import dial
from sandbox.calls.outbound import OutboundCalls
from sandbox.calls.queues import enqueue, leave
from sandbox.calls.recording import record
from sandbox.calls.records import Call, Caller
from sandbox.calls.switch import Goto, Switch
from sandbox.calls.twiml_player import HungUp, TwimlPlayer, Verb
from sandbox.calls.under_way import UnderWay
from sandbox.exchange import StepKind
from sandbox.reachability import Destination
from sandbox.records import Number


class Calls:
    """Plays calls from outside; `outbound` plays those that the account orders."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self.dialect = switch.dialect
        self._verbs: dict[str, Verb] = {
            "Say": verbs.say,
            "Play": verbs.play,
            "Pause": verbs.pause,
            "Hangup": verbs.hang_up,
            "Reject": verbs.reject,
            "Redirect": verbs.redirect,
            "Gather": verbs.gather,
            "Record": record,
            "Enqueue": enqueue,
            "Leave": leave,
            "Dial": partial(dial, forward=self._forward),
        }
        self.under_way = UnderWay(switch, self._verbs, self._finish)
        self.outbound = OutboundCalls(switch, self.under_way, self._forward)
        self.browsers = Browsers(switch, self.outbound, self.under_way)
        self.steps = {
            StepKind.RING_OUT: self.outbound.place,
            StepKind.CALL_GOES_ON: self.outbound.go_on,
            StepKind.PATIENCE_ENDS: self.under_way.give_up,
            StepKind.TALK_ENDS: self.under_way.end_talk,
            StepKind.TAKEN_ELSEWHERE: self.under_way.go_elsewhere,
        }

    def call(self, from_: str, to: str, caller: Caller, forwarded_from: str | None = None) -> Call:
        """Play a call from an outside phone to `to`. Raises `Unknown` for a number that never was this carrier's.

        A number that still rings at its old operator may forward from there. Calls that do not arrive are not kept.
        """
        number = self._switch.reached(to, from_)
        if number is not None:
            return self._ring(number, from_, caller, forwarded_from, depth=0)
        if self._switch.destination(to, from_) is Destination.OLD:
            return self._at_the_old_operator(from_, to, caller)
        return self._not_here(from_, to, f"{to} is not in service")

    def _at_the_old_operator(self, from_: str, to: str, caller: Caller) -> Call:
        heard, answer = f"{to} still rings at the old operator", self._switch.answer(to, caller)
        target = answer.removeprefix("forward:")
        number = self._switch.reached(target, from_) if target != answer else None
        if number is None:
            return self._not_here(from_, to, heard)
        call = self._ring(number, from_, caller, to, depth=0)
        call.transcript[:0] = [heard, f"{to} forwards to {target}"]
        return call

    def _not_here(self, from_: str, to: str, heard: str) -> Call:
        """Return a failed call that is not kept, because it did not arrive at this carrier."""
        account, now = self._switch.exchange.account_sid, self._switch.exchange.now()
        return Call(
            self._switch.dialect(account).new_id("CA"), account, from_, to, "inbound", "failed", now, transcript=[heard]
        )

    def _ring(self, number: Number, from_: str, caller: Caller, forwarded_from: str | None, depth: int) -> Call:
        now, dialect = self._switch.exchange.now(), self._switch.dialect(number.account_sid)
        sid = dialect.new_id("CA")
        call = Call(sid, number.account_sid, from_, number.phone_number, "inbound", "ringing", now)
        call.forwarded_from, call.started, call.caller = forwarded_from, now, caller
        self._switch.begin(call)
        if dialect.tells_each_step:
            self._switch.notify_number(call)
        if depth:
            self._play_inside(TwimlPlayer(self._switch, call, caller, self._verbs, depth), number)
        else:
            self.under_way.play(call, partial(self._begin, number=number))
        return call

    def _begin(self, player: TwimlPlayer, number: Number) -> None:
        settings = self._switch.inventory.hooks(number)
        if settings["trunk_sid"]:
            player.note(f"goes to the trunk {settings['trunk_sid']}")
            raise HungUp
        if not settings["voice_url"]:
            player.note(verbs.APOLOGY)
            raise HungUp("failed")
        method, fallback = settings["voice_method"] or "POST", settings["voice_fallback_url"]
        player.follow(Goto(settings["voice_url"], method, player.dialect.arrival(player.call), fallback))

    def _play_inside(self, player: TwimlPlayer, number: Number) -> None:
        """Play a call that reaches a number of the account from within another call: to its end, at once."""
        try:
            self._begin(player, number)
            player.note("hangs up")
            self._finish(player.call, "completed")
        except HungUp as end:
            self._finish(player.call, end.status)

    def _finish(self, call: Call, status: str) -> None:
        if call.direction != "inbound":
            self.outbound.finish(call, status)
            return
        self._switch.end(call, status)
        self._switch.notify_number(call)

    def _forward(self, player: TwimlPlayer, leg: Call, to: str) -> str:
        """Play a leg that reaches a number of the account, directly or by forwarding; how the phone there answers."""
        number = self._switch.reached(to, leg.from_)
        if number is None:
            return self._switch.answer(to, Caller())
        via = leg.to if leg.to != to else None
        inner = self._ring(number, leg.from_, player.caller, via, player.depth + 1)
        for words in inner.transcript:
            player.note(f"   {to}: {words}")
        return "answer" if inner.status == "completed" else "no-answer"
