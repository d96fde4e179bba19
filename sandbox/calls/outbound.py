"""Calls that the account orders by REST. https://www.twilio.com/docs/voice/api/call-resource."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sandbox.calls.recording import notify_recording
from sandbox.calls.records import Call
from sandbox.calls.switch import BUFFER, FAILURES, IN_PROGRESS, Switch
from sandbox.calls.twiml_player import TwimlPlayer
from sandbox.calls.under_way import UnderWay
from sandbox.errors import Refusal
from sandbox.exchange import StepKind
from sandbox.records import Step

EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": IN_PROGRESS}
LONGEST_RING = 60
Forward = Callable[[TwimlPlayer, Call, str], str]


class OutboundCalls:
    """Places ordered calls. `forward` plays one that reaches a number of the account, and returns how it answers."""

    def __init__(self, switch: Switch, under_way: UnderWay, forward: Forward) -> None:
        self._switch = switch
        self._under_way = under_way
        self._forward = forward

    def order(self, call: Call) -> None:
        """Take an order: the phone rings as a step of the agenda, once the account's calls before have been placed.

        Raises `Refusal` 10004 where the account holds as many calls as it may.
        """
        with self._switch.exchange.changing() as state:
            limits, at = state.call_limits, self._switch.exchange.now()
            if limits.at_once and sum(not other.ended for other in state.calls.values()) >= limits.at_once:
                raise Refusal(10004, "Call concurrency limit exceeded.")
            state.calls[call.sid] = call
            if limits.per_second:
                at = max(at, limits.free_at or at)
                limits.free_at = at + timedelta(seconds=1 / limits.per_second)
            call.queue_time = int((at - self._switch.exchange.now()).total_seconds() * 1000)
            self._switch.exchange.at_time(StepKind.RING_OUT, call.sid, at)

    def place(self, step: Step) -> None:
        """Let the phone ring, for as long as its person takes or the order allows."""
        call = self._switch.exchange.state.calls[step.subject]
        if call.status != "queued":
            return
        self._event(call, "initiated")
        self._event(call, "ringing")
        answer, seconds = self._switch.ringing(call.to, call.caller)
        longest = int(call.orders.get("timeout") or LONGEST_RING) + BUFFER
        ours = self._switch.reached(call.to, call.from_) or answer.startswith("forward:")
        if seconds > longest and not ours:
            answer, seconds = "no-answer", longest
        self._under_way.ring(call, answer, 0 if ours else seconds)

    def go_on(self, step: Step) -> None:
        """A ringing phone is answered or rings out, or a call that waits goes on."""
        call = self._under_way.rings(step)
        if call is None:
            self._under_way.go_on(step)
            return
        self.pick_up(call, self._answer(call, call.stay.name if call.stay else ""))

    def pick_up(self, call: Call, answer: str) -> None:
        """Play what was ordered to who picks up; end a call that rang in vain."""
        with self._switch.exchange.changing():
            call.stay = None
        if answer in FAILURES:
            self.finish(call, answer)
        else:
            self._under_way.play(call, partial(self._talk, answer=answer))

    def finish(self, call: Call, status: str) -> None:
        """End an ordered call with its final status, and tell of it."""
        if call.orders.get("record") == "true" and call.started:
            self._record(call)
        self._switch.end(call, status)
        self._notify(call)

    def _answer(self, call: Call, answer: str) -> str:
        """How the called phone answers. A number of the account is played first."""
        target = answer.removeprefix("forward:")
        if self._switch.reached(call.to, call.from_) or target != answer:
            return self._forward(self._under_way.player(call), call, call.to if target == answer else target)
        return answer

    def _talk(self, player: TwimlPlayer, answer: str) -> None:
        """Play the ordered document to the person or machine that picked up."""
        call, parameters = player.call, dict[str, str]()
        call.started = self._switch.exchange.now()
        self._event(call, "answered")
        if detection := call.orders.get("machine_detection", ""):
            call.answered_by = player.dialect.verdict(detection, machine=answer == "voicemail")
            parameters = self._judged(call, call.answered_by)
        if digits := call.orders.get("send_digits", ""):
            player.note(f"keys {digits}")
        player.caller.keys = answer.removeprefix("press:") if answer.startswith("press:") else ""
        player.begin_as_ordered(call.orders, parameters)

    def _judged(self, call: Call, verdict: str) -> dict[str, str]:
        """What the ordered document is asked for with; nothing if the verdict has a callback of its own, after it.

        https://www.twilio.com/docs/voice/answering-machine-detection
        """
        told = {"AnsweredBy": verdict}
        if call.orders.get("async_amd") != "true":
            return told
        about = {"CallSid": call.sid, "AccountSid": call.account_sid, "MachineDetectionDuration": "3200", **told}
        url, method = call.orders["async_amd_status_callback"], call.orders["async_amd_status_callback_method"]
        with self._switch.exchange.changing():
            self._switch.exchange.post_form(call.account_sid, url, about, method or "POST")
        return {}

    def _record(self, call: Call) -> None:
        orders, recording = call.orders, self._switch.record(call, "(a conversation)", "OutboundAPI")
        url, method = orders.get("recording_status_callback", ""), orders.get("recording_status_callback_method")
        notify_recording(self._under_way.player(call), recording, url, method or "POST")

    def _event(self, call: Call, event: str) -> None:
        with self._switch.exchange.changing():
            call.status = EVENTS[event]
        if event in (call.orders.get("status_callback_event") or "completed").split():
            self._notify(call)

    def _notify(self, call: Call) -> None:
        orders, verdict = call.orders, {"AnsweredBy": call.answered_by} if call.answered_by else {}
        method = orders.get("status_callback_method") or "POST"
        self._switch.notify_progress(call, orders.get("status_callback", ""), method, verdict)
