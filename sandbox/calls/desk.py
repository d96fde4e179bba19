"""Calls, each played at once from the first ring to the last callback."""

from functools import partial

from sandbox.calls import walk as verbs
from sandbox.calls.dial import dial
from sandbox.calls.line import Caller, Goto, Line
from sandbox.calls.out import CallsOut
from sandbox.calls.record import record
from sandbox.calls.rooms import enqueue, leave
from sandbox.calls.walk import HungUp, Verb, Walk
from sandbox.records import Call, Number, new_sid
from sandbox.ways import Way


class Calls:
    """Plays calls."""

    def __init__(self, line: Line) -> None:
        self._line = line
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
        self.out = CallsOut(line, self._verbs, self._forward)

    def call(self, from_: str, to: str, caller: Caller, forwarded_from: str | None = None) -> Call:
        """An outside phone calls a number of ours. Never one of this carrier: Unknown.

        One that still rings at the old operator may forward from there; what does not come here is not written down.
        """
        number = self._line.reached(to, from_)
        if number is not None:
            return self._ring(number, from_, caller, forwarded_from, depth=0)
        if self._line.way(to, from_) is Way.OLD:
            return self._at_the_old_operator(from_, to, caller)
        return self._not_here(from_, to, f"{to} is not in service")

    def _at_the_old_operator(self, from_: str, to: str, caller: Caller) -> Call:
        heard, answer = f"{to} still rings at the old operator", self._line.answer(to, caller)
        target = answer.removeprefix("forward:")
        number = self._line.reached(target, from_) if target != answer else None
        if number is None:
            return self._not_here(from_, to, heard)
        call = self._ring(number, from_, caller, to, depth=0)
        call.transcript[:0] = [heard, f"{to} forwards to {target}"]
        return call

    def _not_here(self, from_: str, to: str, heard: str) -> Call:
        """A call that never came to this carrier."""
        account, now = self._line.exchange.account_sid, self._line.exchange.now()
        return Call(new_sid("CA"), account, from_, to, "inbound", "failed", now, transcript=[heard])

    def _ring(self, number: Number, from_: str, caller: Caller, forwarded_from: str | None, depth: int) -> Call:
        now = self._line.exchange.now()
        call = Call(new_sid("CA"), number.account_sid, from_, number.phone_number, "inbound", "ringing", now)
        call.forwarded_from = forwarded_from
        self._line.begin(call)
        walk = Walk(self._line, call, caller, self._verbs, depth)
        self._finish_inbound(number, call, self._play_inbound(walk, number))
        return call

    def _play_inbound(self, walk: Walk, number: Number) -> str:
        settings = self._line.inventory.hooks(number)
        walk.call.started = walk.call.created
        if settings["trunk_sid"]:
            walk.note(f"goes to the trunk {settings['trunk_sid']}")
            return "completed"
        if not settings["voice_url"]:
            walk.note(verbs.APOLOGY)
            return "failed"
        try:
            method, fallback = settings["voice_method"] or "POST", settings["voice_fallback_url"]
            walk.follow(Goto(settings["voice_url"], method, {}, fallback))
        except HungUp as end:
            return end.status
        walk.note("hangs up")
        return "completed"

    def _finish_inbound(self, number: Number, call: Call, status: str) -> None:
        self._line.end(call, status)
        settings = self._line.inventory.hooks(number)
        self._line.tell(
            call, settings["status_callback"], settings["status_callback_method"], self._line.last_words(call)
        )

    def _forward(self, walk: Walk, leg: Call, to: str) -> str:
        """A leg reaches one of our own numbers, directly or because a phone forwards there; how it ended."""
        number = self._line.reached(to, leg.from_)
        if number is None:
            return self._line.answer(to, Caller())
        via = leg.to if leg.to != to else None
        inner = self._ring(number, leg.from_, walk.caller, via, walk.depth + 1)
        for words in inner.transcript:
            walk.note(f"   {to}: {words}")
        return "answer" if inner.status == "completed" else "no-answer"
