"""Calls the account orders: rung, perhaps taken, and what is heard then. https://www.twilio.com/docs/voice/api/call-resource."""

from collections.abc import Callable

from sandbox.calls.line import IN_PROGRESS, Caller, Goto, Line
from sandbox.calls.record import tell_recording
from sandbox.calls.walk import HungUp, Verb, Walk
from sandbox.records import Call, Step

EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": IN_PROGRESS}
FAILURES = {"busy", "no-answer", "failed"}
MACHINES = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep"}
Forward = Callable[[Walk, Call, str], str]


class CallsOut:
    """Places ordered calls. `forward` plays a call to one of our own numbers and tells how it ended."""

    def __init__(self, line: Line, verbs: dict[str, Verb], forward: Forward) -> None:
        self._line = line
        self._verbs = verbs
        self._forward = forward

    def place(self, step: Step) -> None:
        """A call rings; what it does when somebody answers stands in its orders."""
        call = self._line.exchange.state.calls[step.subject]
        if call.status == "canceled":
            return
        self._event(call, "initiated")
        self._event(call, "ringing")
        walk = Walk(self._line, call, Caller(), self._verbs)
        answer = self._answer(walk)
        self._finish(call, answer if answer in FAILURES else self._talk(walk, answer))

    def _answer(self, walk: Walk) -> str:
        """How the other end answers: a phone outside, or one of our own numbers, which is played first."""
        call = walk.call
        answer = self._line.answer(call.to, walk.caller)
        target = answer.removeprefix("forward:")
        if self._line.reached(call.to, call.from_) or target != answer:
            return self._forward(walk, call, call.to if target == answer else target)
        return answer

    def _talk(self, walk: Walk, answer: str) -> str:
        """Somebody answers and hears what was ordered; how the call ends."""
        call, told = walk.call, dict[str, str]()
        call.started = self._line.exchange.now()
        self._event(call, "answered")
        if detection := call.orders.get("machine_detection", ""):
            call.answered_by = MACHINES.get(detection) if answer == "voicemail" else "human"
            told = {"AnsweredBy": call.answered_by or "unknown"}
        if digits := call.orders.get("send_digits", ""):
            walk.note(f"keys {digits}")
        walk.caller.keys = answer.removeprefix("press:") if answer.startswith("press:") else ""
        status = self._hear(walk, told)
        if call.orders.get("record") == "true":
            orders, recording = call.orders, self._line.record(call, "(a conversation)", "OutboundAPI")
            url, method = orders.get("recording_status_callback", ""), orders.get("recording_status_callback_method")
            tell_recording(walk, recording, url, method or "POST")
        return status

    def _hear(self, walk: Walk, told: dict[str, str]) -> str:
        orders = walk.call.orders
        try:
            if orders.get("twiml"):
                walk.url = orders["url"]
                walk.follow(walk.perform(walk.parse(orders["twiml"])))
            else:
                walk.follow(Goto(orders["url"], orders["method"] or "POST", told, orders["fallback_url"]))
        except HungUp as end:
            return end.status
        return "completed"

    def _event(self, call: Call, event: str) -> None:
        with self._line.exchange.changing():
            call.status = EVENTS[event]
        if event in (call.orders.get("status_callback_event") or "completed").split():
            self._tell(call, {"CallbackSource": "call-progress-events"})

    def _finish(self, call: Call, status: str) -> None:
        self._line.end(call, status)
        self._tell(call, self._line.last_words(call))

    def _tell(self, call: Call, told: dict[str, str]) -> None:
        orders = call.orders
        told |= {"AnsweredBy": call.answered_by} if call.answered_by else {}
        method = orders.get("status_callback_method") or "POST"
        self._line.tell(call, orders.get("status_callback", ""), method, told)
