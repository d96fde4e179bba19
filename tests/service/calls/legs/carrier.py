"""A carrier without a network, whose events happen in any order: a caller, the phones that we call, and our requests.

It speaks the contract's neutral words, so that a call takes little time. What our side asks of it happens later.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    CallPlaced,
    KeyPressed,
    PickedUp,
    RingEnded,
)
from provisioning.contract.errors import Conflict
from provisioning.contract.voice import AskForKey, Join, Ring, Say, StopWaiting, TakeMessage, Wait
from service.callback_addresses import Carried, read
from service.calls.answering import answer_call
from service.time import now
from webhooks.dispatch import read_received
from webhooks.unread import Unread

RINGING, ASKED, WAITS, IN_ROOM = "ringing", "asked", "waits", "in a room"
LEFT_MESSAGE, RUNG, OVER = "left a message", "rung in one step", "over"


@dataclass(eq=False)
class Party:
    """A call at the carrier: the caller's, or one to a phone. `at` is where it is, since `since`."""

    reference: str
    number: str
    carried: Carried = field(default_factory=Carried)
    judged: str = ""
    seconds: int = 3600
    at: str = RINGING
    step: object = None
    rest: list = field(default_factory=list)
    since: object = field(default_factory=now)
    said: list = field(default_factory=list)
    rooms: list = field(default_factory=list)
    pressed: bool = False
    hung_up: bool = False


class Carrier:
    """The carrier's side of one call, and its way to ours. It is `calling` and `callbacks` of a network too."""

    def __init__(self, services, called):
        self.services, self.called, self.answers_with_ids = services, called, True
        self.parties, self.told, self.ordered = {}, [], []

    def begin(self, reference, caller):
        self.parties, self.told, self.ordered = {}, [], []
        self.caller = self._add(Party(reference, caller))
        self.ask(self.caller, CallArrived(reference, caller, self.called), Carried())

    @property
    def legs(self):
        return [party for party in self.parties.values() if party is not self.caller]

    def _add(self, party):
        self.parties[party.reference] = party
        return party

    # what our side asks for

    def place(self, call):
        leg = Party(f"CA{len(self.parties)}-{self.caller.reference}", call.recipient, _carried(call.answer_url))
        leg.seconds, leg.judged = call.seconds, call.machine_url
        self._add(leg)
        if self.answers_with_ids:
            return leg.reference
        self.tell(CallPlaced(leg.reference), leg.carried)
        return ""

    def find(self, call, since):
        return [leg.reference for leg in self.legs if leg.number == call.recipient]

    def take_elsewhere(self, reference, answer_url, status_url=""):
        self._order(reference, lambda party: self._led(party, _carried(answer_url)))

    def end(self, reference):
        self._order(reference, self.over)

    def pause_recording(self, reference):
        raise Conflict("nothing is recorded")

    resume_recording = pause_recording

    def _order(self, reference, act):
        party = self.parties[reference]
        if party.at is OVER:
            raise Conflict("the call is over")
        self.ordered.append((party, act))

    signs_addresses = True

    def read(self, subject, body):
        return (self.event,)

    # what happens

    def ask(self, party, event, carried):
        """Ask for the next steps and go on with them. The request is a callback too."""
        self.tell(event, carried)
        self.perform(party, self._answer(event, carried))

    def _answer(self, event, carried):
        with self.services.sessions() as session:
            return answer_call(session, self.services, "twilio", event, carried)

    def perform(self, party, steps):
        for place, step in enumerate(steps):
            if isinstance(step, Say):
                party.said.append(step.text)
            elif at := _STAYS.get(type(step)):
                self._stay(party, at, step, steps[place + 1 :])
                return
            else:
                break
        self.over(party)

    def _stay(self, party, at, step, rest):
        party.at, party.step, party.rest, party.since = at, step, rest, now()
        if at is IN_ROOM:
            there = self.in_room(step.room)
            for one in there if len(there) > 1 else []:
                one.rooms.append(step.room)

    def in_room(self, name):
        return [party for party in self.parties.values() if party.at is IN_ROOM and party.step.room == name]

    def tell(self, event, carried):
        self.told.append((event, carried))

    def pick_up(self, leg):
        self.ask(leg, CallArrived(leg.reference, self.called, leg.number), leg.carried)

    def press(self, leg, key):
        leg.pressed = key == "1"
        self.ask(leg, KeyPressed(leg.reference, key, self.called, leg.number), _carried(leg.step.then_url))

    def judge(self, leg, *, machine):
        """Tell once whether a machine has picked up, if our side wanted to hear that."""
        if leg.judged:
            self.tell(PickedUp(leg.reference, machine), _carried(leg.judged))
            leg.judged = ""

    def wait_on(self):
        """The caller's wait document has ended, so it is asked for again."""
        steps = self._answer(self._here(self.caller), _carried(self.caller.step.wait_url))
        self.caller.since = now()
        if any(isinstance(step, StopWaiting) for step in steps):
            self.ask(self.caller, self._here(self.caller), _carried(self.caller.step.then_url))

    def hang_up(self, party):
        party.hung_up = True
        self.over(party)

    def over(self, party):
        if party.at is OVER:
            return
        self._leave(party)
        party.at = OVER
        self.tell(CallEnded(party.reference, party.number, self.called, 0), party.carried)

    def rung(self, outcome):
        """The phones have rung in one step, in which somebody took the call, or nobody did."""
        if outcome is CallOutcome.ANSWERED:
            self.caller.rooms.append("")
        self.ask(self.caller, self._ended(self.caller, outcome), _carried(self.caller.step.then_url))

    def _led(self, party, carried):
        if party.at is not OVER:
            self._leave(party)
            self.ask(party, self._here(party), carried)

    def _leave(self, party):
        """Leave a queue or room, whose action is asked in vain. A room ends with one who was to end it."""
        at, step = party.at, party.step
        party.at = RINGING
        if at is WAITS:
            self._in_vain(self._here(party), _carried(step.then_url))
        if at is IN_ROOM:
            self._in_vain(self._ended(party), _carried(step.then_url))
            for other in self.in_room(step.room) if step.ends else []:
                self.ordered.append((other, self._room_over(step.room)))

    def _in_vain(self, event, carried):
        self.tell(event, carried)
        self._answer(event, carried)

    def _room_over(self, room):
        def go_on(party):
            if party.at is IN_ROOM and party.step.room == room:
                self.ask(party, self._ended(party), _carried(party.step.then_url))

        return go_on

    def _here(self, party):
        return CallArrived(party.reference, party.number, self.called)

    def _ended(self, party, outcome=CallOutcome.ANSWERED):
        return RingEnded(party.reference, party.number, self.called, outcome)

    def deliver(self, event, carried):
        """Deliver a callback; False if it has to come again later."""
        self.event = event
        with self.services.sessions.begin() as session:
            return read_received(session, self.services, _unread(carried))


def _carried(address):
    return read(urlsplit(address).query)


def _unread(carried):
    return Unread(0, 0, "twilio", "call", urlsplit(carried.at("")).query, b"")


_STAYS = {AskForKey: ASKED, Wait: WAITS, Join: IN_ROOM, TakeMessage: LEFT_MESSAGE, Ring: RUNG}
