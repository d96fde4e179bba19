"""The telephone switch: what all calls share, from whether a number is reached to callbacks and recordings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from sandbox.callback_delivery import CallbackSender
from sandbox.calls.dialect import CallDialect
from sandbox.calls.records import Call, Caller, Place, Recording
from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.phones import Phones, how_it_answers
from sandbox.reachability import Destination, Reachability
from sandbox.records import Carrier, Leg, Number

IN_PROGRESS = "in-progress"
CLIENT = "client:"
"""What the address of a phone in a browser begins with."""

FAILURES = {"busy", "no-answer", "failed"}
BREATH = 2  # seconds of silence around the words of a recording
BUFFER = 5  # seconds that a phone may ring beyond its time-out


@dataclass(frozen=True, slots=True)
class Goto:
    """The next document of a call: its address, and the parameters sent there besides the usual ones."""

    url: str
    method: str = "POST"
    parameters: Mapping[str, str] = field(default_factory=dict)
    fallback_url: str = ""


class Switch:
    """Answers what a call asks of the carrier, and keeps calls, recordings and callbacks."""

    def __init__(
        self,
        exchange: Exchange,
        callbacks: CallbackSender,
        reachability: Reachability,
        inventory: Inventory,
        phones: Phones,
        dialects: Mapping[Carrier, CallDialect],
    ) -> None:
        self.exchange = exchange
        self.callbacks = callbacks
        self.reachability = reachability
        self.inventory = inventory
        self.phones = phones
        self._dialects = dialects

    def dialect(self, account_sid: str) -> CallDialect:
        """The dialect of an account's carrier."""
        return self._dialects[self.exchange.carrier_of(account_sid)]

    def destination(self, to: str, from_: str) -> Destination:
        """Where a call to a number ends up. Raises `Unknown` for a number that never was this carrier's."""
        return self.reachability.destination(to, from_, Leg.VOICE)

    def reached(self, to: str, from_: str) -> Number | None:
        """The number of the account that a call reaches, or None."""
        held = self.inventory.held(to)
        return held if held is not None and self.destination(to, from_) is Destination.OURS else None

    def answer(self, to: str, caller: Caller) -> str:
        """How an outside phone answers: as set for this call, else as set for the phone."""
        return self.ringing(to, caller)[0]

    def ringing(self, to: str, caller: Caller) -> tuple[str, int]:
        """How an outside phone answers and after how many seconds: as set for this call, else for the phone.

        A browser whose page is open rings until its person acts.
        """
        if to.startswith(CLIENT) and to not in caller.answers and not self.phones.is_known(to):
            return how_it_answers("no-answer" if to in self.phones.pages else "failed")
        return how_it_answers(caller.answers.get(to, self.phones.phone(to).answers))

    def beside(self, call: Call, place: Place, name: str) -> list[Call]:
        """The calls of the account of `call` in a queue or conference of this name, in the order in which they came."""
        # others may begin meanwhile
        calls = [each for each in list(self.exchange.state.calls.values()) if each.account_sid == call.account_sid]
        there = {stay.turn: each for each in calls if (stay := each.stay) and (stay.place, stay.name) == (place, name)}
        return [there[turn] for turn in sorted(there)]

    def begin(self, call: Call) -> Call:
        """Keep a new call."""
        with self.exchange.changing() as state:
            state.calls[call.sid] = call
        return call

    def end(self, call: Call, status: str) -> None:
        """End a call with its final status."""
        with self.exchange.changing():
            call.status, call.ended = status, self.exchange.now()

    def record(self, call: Call, says: str, source: str, channels: int = 1, sid: str = "") -> Recording:
        """Keep a recording of `says`, at twelve characters a second, with one or two `channels`."""
        seconds = BREATH + len(says) // 12
        sid = sid or self.dialect(call.account_sid).new_id("RE")
        recording = Recording(sid, call.account_sid, call.sid, says, source, seconds, self.exchange.now(), channels)
        with self.exchange.changing() as state:
            state.recordings[sid] = recording
            call.recordings.append(sid)
        return recording

    def connect(self, call: Call) -> None:
        """Note that a call is answered."""
        if call.status == IN_PROGRESS:
            return
        with self.exchange.changing():
            call.status = IN_PROGRESS
        if call.direction == "inbound" and self.dialect(call.account_sid).tells_each_step:
            self.notify_number(call)

    def notify_number(self, call: Call) -> None:
        """Tell the status callback of the number that was called how far the call has come."""
        if number := self.inventory.held(call.to):
            settings = self.inventory.hooks(number)
            self.notify_progress(call, settings["status_callback"], settings["status_callback_method"])

    def notify_progress(self, call: Call, url: str, method: str, parameters: Mapping[str, str] | None = None) -> None:
        """Put a status callback of a call on the agenda; an empty URL sends nothing."""
        progress = self.dialect(call.account_sid).progress(call, self.exchange.now())
        self.notify(call, url, method, {**progress, **(parameters or {})})
        call.sequence += bool(url)

    def notify(self, call: Call, url: str, method: str, parameters: Mapping[str, str]) -> None:
        """Put a callback about a call on the agenda."""
        self.post(call, url, method, {**self.dialect(call.account_sid).about(call), **parameters})

    def post(self, call: Call, url: str, method: str, form: Mapping[str, str]) -> None:
        """Put a callback with exactly these parameters on the agenda."""
        with self.exchange.changing():
            self.exchange.post_form(call.account_sid, url, dict(form), method)

    def may_show(self, call: Call, number: str) -> bool:
        """Whether a leg may show this number: the caller's own, one of the account, or a verified caller ID."""
        state = self.exchange.state
        own = {each.phone_number for each in state.numbers.values() if each.account_sid == call.account_sid}
        known = [each for each in state.caller_ids.values() if each.account_sid == call.account_sid]
        verified = {each.phone_number for each in known if each.verified}
        return number in {call.from_, *own, *verified}


def timestamp(moment: datetime) -> str:
    """A moment (UTC) as callbacks about calls write it: `Thu, 30 Jul 2015 20:00:00 +0000`."""
    return format_datetime(moment)


def flag(verb: Element, name: str, usual: str = "false") -> bool:
    """Read a boolean attribute of TwiML."""
    return verb.get(name, usual).lower() == "true"
