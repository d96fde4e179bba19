"""Calls that the account orders by REST. https://www.twilio.com/docs/voice/api/call-resource."""

from collections.abc import Callable

from sandbox.calls.recording import notify_recording
from sandbox.calls.switch import IN_PROGRESS, Caller, Goto, Switch
from sandbox.calls.twiml_player import HungUp, TwimlPlayer, Verb
from sandbox.records import Call, Step

EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": IN_PROGRESS}
FAILURES = {"busy", "no-answer", "failed"}
MACHINES = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep"}
Forward = Callable[[TwimlPlayer, Call, str], str]


class OutboundCalls:
    """Plays ordered calls. `forward` plays one that reaches a number of the account, and returns how it is answered."""

    def __init__(self, switch: Switch, verbs: dict[str, Verb], forward: Forward) -> None:
        self._switch = switch
        self._verbs = verbs
        self._forward = forward

    def place(self, step: Step) -> None:
        """Ring the phone, and play the ordered document once it is picked up."""
        call = self._switch.exchange.state.calls[step.subject]
        if call.status == "canceled":
            return
        self._event(call, "initiated")
        self._event(call, "ringing")
        player = TwimlPlayer(self._switch, call, Caller(), self._verbs)
        answer = self._answer(player)
        self._finish(call, answer if answer in FAILURES else self._talk(player, answer))

    def _answer(self, player: TwimlPlayer) -> str:
        """How the called phone answers. A number of the account is played first."""
        call = player.call
        answer = self._switch.answer(call.to, player.caller)
        target = answer.removeprefix("forward:")
        if self._switch.reached(call.to, call.from_) or target != answer:
            return self._forward(player, call, call.to if target == answer else target)
        return answer

    def _talk(self, player: TwimlPlayer, answer: str) -> str:
        """Play the ordered document to the person or machine that picked up; the final status of the call."""
        call, parameters = player.call, dict[str, str]()
        call.started = self._switch.exchange.now()
        self._event(call, "answered")
        if detection := call.orders.get("machine_detection", ""):
            call.answered_by = MACHINES.get(detection) if answer == "voicemail" else "human"
            parameters = {"AnsweredBy": call.answered_by or "unknown"}
        if digits := call.orders.get("send_digits", ""):
            player.note(f"keys {digits}")
        player.caller.keys = answer.removeprefix("press:") if answer.startswith("press:") else ""
        status = self._hear(player, parameters)
        if call.orders.get("record") == "true":
            orders, recording = call.orders, self._switch.record(call, "(a conversation)", "OutboundAPI")
            url, method = orders.get("recording_status_callback", ""), orders.get("recording_status_callback_method")
            notify_recording(player, recording, url, method or "POST")
        return status

    def _hear(self, player: TwimlPlayer, parameters: dict[str, str]) -> str:
        orders = player.call.orders
        try:
            if orders.get("twiml"):
                player.url = orders["url"]
                player.follow(player.perform(player.parse(orders["twiml"])))
            else:
                player.follow(Goto(orders["url"], orders["method"] or "POST", parameters, orders["fallback_url"]))
        except HungUp as end:
            return end.status
        return "completed"

    def _event(self, call: Call, event: str) -> None:
        with self._switch.exchange.changing():
            call.status = EVENTS[event]
        if event in (call.orders.get("status_callback_event") or "completed").split():
            self._notify(call, {"CallbackSource": "call-progress-events"})

    def _finish(self, call: Call, status: str) -> None:
        self._switch.end(call, status)
        self._notify(call, self._switch.end_parameters(call))

    def _notify(self, call: Call, parameters: dict[str, str]) -> None:
        orders = call.orders
        parameters |= {"AnsweredBy": call.answered_by} if call.answered_by else {}
        method = orders.get("status_callback_method") or "POST"
        self._switch.notify(call, orders.get("status_callback", ""), method, parameters)
