"""Calls under way: they ring, wait in a queue, or are in a conference, and go on as the clock or a request moves them.

All other verbs of a call are played at once. https://www.twilio.com/docs/voice/api/call-resource.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

from sandbox.calls import conferences, queues
from sandbox.calls.dial import end_talk
from sandbox.calls.recording import is_recorded, record_talk
from sandbox.calls.records import Call, Place, Recording, Stay
from sandbox.calls.switch import Switch
from sandbox.calls.twiml_player import HungUp, Stayed, TwimlPlayer, Verb
from sandbox.exchange import StepKind
from sandbox.records import Step

TALK = 30
"""Seconds for which people talk in a conference."""

ALONE = 5
"""Seconds after which a person hangs up whom the others have left alone."""


class UnderWay:
    """Plays a call until it ends or stays somewhere. `finish` ends a call with its final status."""

    def __init__(self, switch: Switch, verbs: dict[str, Verb], finish: Callable[[Call, str], None]) -> None:
        self._switch = switch
        self._verbs = verbs
        self._finish = finish

    def play(self, call: Call, begin: Callable[[TwimlPlayer], None]) -> None:
        """Play what `begin` begins, until the call ends or stays somewhere."""
        player = self.player(call)
        try:
            begin(player)
        except Stayed as stayed:
            self._stay(player, stayed)
        except HungUp as end:
            self._finish(call, end.status)
        else:
            if call.direction == "inbound":
                player.note("hangs up")
            self._finish(call, "completed")

    def ring(self, call: Call, answer: str, seconds: int) -> None:
        """Let the called phone ring for so long, until it answers in this way."""
        with self._switch.exchange.changing():
            call.stay = self._new_stay(Place.RINGING, answer)
        self._later(StepKind.CALL_GOES_ON, call, seconds)

    def rings(self, step: Step) -> Call | None:
        """The call that stops ringing with this step, or None if the step is about something else."""
        call = self._of(step)
        return call if call and call.stay and call.stay.place is Place.RINGING else None

    def go_on(self, step: Step) -> None:
        """Play the next document that a waiting call hears."""
        call = self._of(step)
        if call is None or call.stay is None:
            return
        before = call.seconds
        if self._waits_on(self.player(call), call.stay):
            self._hear_later(call, max(1, call.seconds - before))

    def give_up(self, step: Step) -> None:
        """End the call of a person who has waited long enough; one who talks stays."""
        call = self._of(step)
        if call and call.stay and not call.stay.talks:
            self.hang_up(call)

    def end_talk(self, step: Step) -> None:
        """End the call of a person who has talked for long enough."""
        if call := self._of(step):
            self.hang_up(call)

    def end(self, call: Call) -> None:
        """End a call for the account: one that rings at once, and one that was picked up in a moment."""
        if call.stay and call.stay.place is Place.RINGING:
            self.hang_up(call, "canceled")
        else:
            self._later(StepKind.TALK_ENDS, call, 0)

    def hang_up(self, call: Call, status: str = "completed") -> None:
        """End a call wherever it is."""
        if call.stay and call.stay.place is not Place.RINGING:
            self.player(call).note("the caller hangs up" if call.direction == "inbound" else "hangs up")
        self._leave(call, "hangup")
        self._finish(call, status)

    def recording(self, call: Call) -> Recording | None:
        """What is recorded of a talk now, or None."""
        stay = call.stay
        if stay is None or not stay.talks or not is_recorded(fromstring(stay.verb)):
            return None  # that of a room is nobody's, and goes on until the room is over
        with self._switch.exchange.changing():
            stay.recording = stay.recording or self.player(call).dialect.new_id("RE")
        begun = self._switch.exchange.now()
        return Recording(stay.recording, call.account_sid, call.sid, "", "DialVerb", 0, begun, 2)

    def pause_recording(self, call: Call, *, paused: bool) -> Recording | None:
        """Pause what is recorded of a talk, or go on with it; None if nothing is recorded now."""
        recording, stay = self.recording(call), call.stay
        if recording is not None and stay is not None:
            self.player(call).note("the recording is paused" if paused else "the recording goes on")
            with self._switch.exchange.changing():
                stay.pauses += paused
        return recording

    def take_elsewhere(self, call: Call, orders: Mapping[str, str]) -> None:
        """Take a waiting or talking call to the document that a request orders, in a moment."""
        with self._switch.exchange.changing():
            call.orders |= orders
        self._later(StepKind.TAKEN_ELSEWHERE, call, 0)

    def go_elsewhere(self, step: Step) -> None:
        """Play the ordered document. What the call leaves is asked for its action first, in vain."""
        if call := self._of(step):
            self._leave(call, "redirected")
            self.play(call, lambda player: player.begin_as_ordered(call.orders, {}))

    def _waits_on(self, player: TwimlPlayer, stay: Stay) -> bool:
        """Whether the call waits on after its wait document."""
        if stay.place is Place.CONFERENCE:
            if stay.talks:
                return False
            if conferences.hear_wait_document(player, stay):
                return True
            self._go_on_after(player.call, conferences.AFTER)
            return False
        try:
            how = queues.hear_wait_document(player, stay, fromstring(stay.verb))
        except HungUp:
            self.hang_up(player.call)
            return False
        if how:
            self._go_on_after(player.call, queues.result(player, stay, how))
        return not how

    def _go_on_after(self, call: Call, parameters: dict[str, str]) -> None:
        """Go on with the action of the verb at which the call stayed, or with the verb after it."""
        stay = call.stay
        if stay is None:
            return
        self._record_talk(self.player(call), stay)
        with self._switch.exchange.changing():
            call.stay = None

        def on(player: TwimlPlayer) -> None:
            player.url = stay.url
            player.follow(player.goto(fromstring(stay.verb), parameters) or player.perform(fromstring(stay.rest)))

        self.play(call, on)

    def _stay(self, player: TwimlPlayer, stayed: Stayed) -> None:
        call, rest = player.call, Element("Response")
        rest.extend(stayed.rest)
        with self._switch.exchange.changing():
            call.stay = stay = self._new_stay(stayed.place, stayed.name)
            stay.verb, stay.rest = tostring(stayed.verb, "unicode"), tostring(rest, "unicode")
            stay.url, stay.next_url = player.url, stayed.next_url
        if stay.place is Place.DIAL:
            stay.talks = True
            player.note(f"talks with {self._switch.exchange.state.calls[stay.name].to}", TALK)
            self._later(StepKind.TALK_ENDS, call, TALK)
            return
        self._later(StepKind.PATIENCE_ENDS, call, call.caller.patience)
        talking = conferences.join(self._switch, call, stay) if stay.place is Place.CONFERENCE else []
        for member in talking:
            self.player(member).note(f"talks in the conference {stay.name}", TALK)
        if talking:
            self._later(StepKind.TALK_ENDS, talking[0], TALK)
        else:
            self._hear_later(call, 0)

    def _new_stay(self, place: Place, name: str) -> Stay:
        exchange = self._switch.exchange
        exchange.state.turn += 1
        return Stay(exchange.state.turn, place, name, exchange.now())

    def _hear_later(self, call: Call, seconds: int) -> None:
        if call.stay and call.stay.next_url:
            self._later(StepKind.CALL_GOES_ON, call, seconds)

    def _leave(self, call: Call, how: str) -> None:
        stay = call.stay
        with self._switch.exchange.changing():
            call.stay = None
        if stay is None or stay.place is Place.RINGING:
            return
        player = self.player(call)
        self._record_talk(player, stay)
        if stay.place is Place.DIAL:
            self._ask_in_vain(player, stay, end_talk(player, stay.name))
            return
        if stay.place is Place.QUEUE:
            self._ask_in_vain(player, stay, queues.result(player, stay, how))
            return
        for other in conferences.leave(self._switch, call, stay):
            self._go_on_after(other, conferences.AFTER)
        left = self._switch.beside(call, Place.CONFERENCE, stay.name)
        if len(left) == 1 and left[0].stay and left[0].stay.talks:
            self._later(StepKind.TALK_ENDS, left[0], ALONE)
        self._ask_in_vain(player, stay, conferences.AFTER)

    def _ask_in_vain(self, player: TwimlPlayer, stay: Stay, parameters: dict[str, str]) -> None:
        """Ask for the action of the verb that was left, whose answer the call does not hear."""
        player.url = stay.url
        if goto := player.goto(fromstring(stay.verb), parameters):
            player.ask(goto)

    def _record_talk(self, player: TwimlPlayer, stay: Stay) -> None:
        """Record what was said in a conference that has begun, if the Dial of this call asks for it."""
        if stay.talks:
            player.url = stay.url
            record_talk(player, fromstring(stay.verb), stay)

    def _later(self, kind: StepKind, call: Call, seconds: int) -> None:
        if call.stay:
            with self._switch.exchange.changing():
                self._switch.exchange.later(kind, call.sid, timedelta(seconds=seconds), str(call.stay.turn))

    def _of(self, step: Step) -> Call | None:
        """The call that a step is about, unless it has left the place that the step meant."""
        call = self._switch.exchange.state.calls.get(step.subject)
        return call if call and call.stay and str(call.stay.turn) == step.detail else None

    def player(self, call: Call) -> TwimlPlayer:
        """A player for a call."""
        return TwimlPlayer(self._switch, call, call.caller, self._verbs)
