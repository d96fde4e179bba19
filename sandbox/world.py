"""The world: a carrier, its customer's account, and the other side (phones, signers, losing carriers)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from threading import RLock

import requests

from sandbox import dialects
from sandbox.callback_delivery import CallbackSender
from sandbox.calls.caller_ids import CallerIds
from sandbox.calls.inbound import Calls
from sandbox.calls.records import PATIENCE, Call, Caller, CallLimits
from sandbox.calls.switch import Switch
from sandbox.clock import RehearsalClock
from sandbox.delays import Delays
from sandbox.exchange import TELNYX_KEY, Exchange, StepKind
from sandbox.faults import Faults
from sandbox.inventory import Inventory
from sandbox.ordering.orders import NumberOrders
from sandbox.phones import Phones, how_it_answers
from sandbox.porting.other_side import OtherSide
from sandbox.porting.port_outs import PortOuts
from sandbox.porting.port_requests import PortRequests
from sandbox.porting.records import Mail, PortIn
from sandbox.porting.scheduled_steps import ScheduledSteps
from sandbox.porting.status_changes import StatusChanges
from sandbox.reachability import Reachability
from sandbox.records import Leg, Media, Message, Number, Phone, State, Step, new_sid
from sandbox.registering.brands import REGISTRY_NUMBER
from sandbox.registering.registry import Registry
from sandbox.telnyx.number_events import tell_order
from sandbox.telnyx.port_other_side import OrdersOtherSide
from sandbox.telnyx.port_out_events import notify_port_out
from sandbox.telnyx.port_rules import PortOrders
from sandbox.telnyx.ten_dlc import TenDlc
from sandbox.telnyx.text_events import TextEvents
from sandbox.texting.attachments import Attachments
from sandbox.texting.inbound import Inbound
from sandbox.texting.opt_out import OptOuts
from sandbox.texting.outbound import Outbound
from sandbox.texting.replies import send_replies


class World:
    """A carrier with one account in each protocol. Acts take effect at once; their consequences wait for `run_due`."""

    def __init__(
        self,
        clock: RehearsalClock,
        *,
        account_sid: str,
        auth_token: str,
        session: requests.Session,
        delays: Delays | None = None,
        telnyx_key: str = TELNYX_KEY,
    ) -> None:
        self.exchange = Exchange(clock, account_sid, auth_token, delays or Delays(), telnyx_key)
        self.inventory = Inventory(self.exchange)
        self.orders = NumberOrders(self.exchange, self.inventory, partial(tell_order, self.exchange))
        self.port_outs = PortOuts(self.exchange, self.inventory, partial(notify_port_out, self.exchange))
        self.port_orders = PortOrders(self.exchange, self.inventory, self.port_outs)
        self.orders_other_side = OrdersOtherSide(self.exchange, self.port_orders)
        self.ten_dlc = TenDlc(self.exchange)
        self.phones = Phones(self.exchange)
        statuses = StatusChanges(self.exchange)
        scheduled_steps = ScheduledSteps(self.exchange, statuses, self.inventory, self.port_outs)
        self.porting = PortRequests(self.exchange, statuses)
        self.other_side = OtherSide(self.exchange, self.porting, scheduled_steps, statuses)
        opt_outs = OptOuts(self.exchange)
        self.reachability = Reachability(self.exchange, self.inventory)
        self.attachments = Attachments(session)
        self.text_events = TextEvents(self.exchange, self.inventory, self.attachments, self.ten_dlc)
        self._dialects = dialects.of_texts(self.exchange, self.inventory, self.text_events)
        self.inbound = Inbound(self.exchange, self.reachability, self.inventory, self.phones, opt_outs, self._dialects)
        self.outbound = Outbound(self.exchange, self.inventory, self.inbound, opt_outs, self._dialects)
        self.registry = Registry(self.exchange, self.inventory, self.phones)
        self._callbacks = CallbackSender(self.exchange, session)
        words = dialects.of_calls(self.exchange, self.inventory)
        self.calls = Calls(
            Switch(self.exchange, self._callbacks, self.reachability, self.inventory, self.phones, words)
        )
        self.caller_ids = CallerIds(self.exchange, self.phones)
        self._runner = RLock()
        self._by_itself = self._timed(scheduled_steps)
        self._with_an_answer: dict[StepKind, Callable[[Step], None]] = {
            StepKind.POST: self._post,
            StepKind.FETCH: self._fetch,
            **self.calls.steps,
        }

    @property
    def clock(self) -> RehearsalClock:
        """The rehearsal clock."""
        return self.exchange.clock

    @property
    def faults(self) -> Faults:
        """The faults."""
        return self.exchange.faults

    @property
    def state(self) -> State:
        """Everything the carrier keeps."""
        return self.exchange.state

    @property
    def mailbox(self) -> list[Mail]:
        """The e-mails that ask for a signature, oldest first."""
        return self.state.mailbox

    def run_due(self) -> int:
        """Carry out all due steps, with those that follow from them; how many there were."""
        done = 0
        with self._runner:
            while (step := self.exchange.next_due()) is not None:
                self._carry_out(step)
                done += 1
        return done

    def wind(self, length: timedelta) -> None:
        """Move the clock forward. Raises `ValueError` for a negative length.

        What happens meanwhile by itself has happened before the clock shows the new time: the service reads the same
        clock, and would be told what stood before. What waits for answers of others follows with `run_due`.
        """
        with self._runner, self.exchange.lock:
            moment = self.clock.now() + length
            while (step := self.exchange.next_until(moment, self._by_itself)) is not None:
                self._carry_out(step)
            self.clock.jump(length)

    def reset(self) -> None:
        """Empty the world and switch all faults off; the clock stays."""
        self.faults.clear()
        self.exchange.reset()

    def text(self, from_: str, to: str, body: str, media: Sequence[str] = ()) -> Message:
        """Text `to` from an outside phone, with attachments of these types. Raises `Unknown` for a foreign number.

        A text to the registry's number answers its question to the owner of a business.
        """
        if to == REGISTRY_NUMBER:
            with self.exchange.changing():
                self.registry.brands.hear_owner(from_, body)
            return self.inbound.elsewhere(from_, to, body)
        return self.inbound.text(from_, to, body, [Media(new_sid("ME"), kind) for kind in media])

    def call(
        self,
        from_: str,
        to: str,
        *,
        keys: str = "",
        answers: Mapping[str, str] | None = None,
        says: str = "",
        forwarded_from: str | None = None,
        patience: int = PATIENCE,
    ) -> Call:
        """Call `to` from an outside phone and play the account's TwiML, until the call waits for something.

        `keys` are pressed at menus (a blank between two), `says` is spoken after a beep, `answers` says how each number
        that is rung answers this time. After `patience` seconds in one place the caller hangs up. Raises `Unknown` for
        a foreign number.
        """
        return self.calls.call(from_, to, Caller(keys, says, dict(answers or {}), patience), forwarded_from)

    def next_in_calls(self) -> datetime | None:
        """When the next thing happens in a call under way; None while there is none."""
        with self.exchange.lock:
            under_way = {call.sid: str(call.stay.turn) for call in self.state.calls.values() if call.stay}
            due = [step.due for step in self.state.steps if under_way.get(step.subject) == step.detail]
        return min(due, default=None)

    def limit_calls(self, *, per_second: float = 0, at_once: int = 0) -> CallLimits:
        """Let the account order so many calls a second and hold so many at once from now on; 0: as many as it likes."""
        with self.exchange.changing() as state:
            state.call_limits = CallLimits(per_second, at_once)
        return state.call_limits

    def detour(self, number: str, leg: str, network: str = "", lasting: timedelta | None = None) -> Number:
        """Send a number's calls (`voice`) or `texts` to its old operator, from one network or all, for a time."""
        return self.reachability.detour(number, Leg(leg), network, lasting)

    def mend(self, number: str) -> Number:
        """End all detours and delays of a number."""
        return self.reachability.mend(number)

    def send_back(self, number: str) -> Number:
        """Return a ported number to its old operator; it leaves the account. Raises `Unknown`."""
        return self.reachability.send_back(number)

    def verify_caller(self, number: str, code: str) -> bool:
        """Key the code of a caller ID validation as the owner of `number`; whether it was right."""
        return self.caller_ids.verify(number, code)

    def phone(self, number: str, answers: str | None = None) -> Phone:
        """An outside phone. `answers` sets how it answers from now on. Raises `ValueError` for what cannot be read."""
        how_it_answers(answers or "")
        phone = self.phones.phone(number)
        phone.answers = answers or phone.answers
        return phone

    def port_in(self, kw: str) -> PortIn:
        """The port request with this sid. Raises `Unknown`."""
        return self.porting.find(kw)

    def port_for(self, number: str) -> PortIn:
        """The newest port request with this number. Raises `Unknown`."""
        return self.porting.find(number)

    def sign(self, kw: str, name: str = "") -> PortIn:
        """Sign the letter as the authorised person."""
        return self.other_side.sign(kw, name)

    def expire(self, kw: str) -> PortIn:
        """Expire the request because it was not signed."""
        return self.other_side.expire(kw)

    def accept(self, kw: str, port_date: date | None = None) -> PortIn:
        """Commit to a day or an instant as the losing carrier."""
        return self.other_side.accept(kw, port_date)

    def reject(self, kw: str, number: str, code: int) -> PortIn:
        """Reject one number as the losing carrier, with a code from 22150 to 22159."""
        return self.other_side.reject(kw, number, code)

    def move_date(self, kw: str, new: date) -> PortIn:
        """Move the committed date."""
        return self.other_side.move_date(kw, new)

    def withdraw_date(self, kw: str) -> PortIn:
        """Withdraw the committed date."""
        return self.other_side.withdraw_date(kw)

    def complete(self, kw: str, number: str | None = None, appears: timedelta | None = None) -> PortIn:
        """Complete the port, or one number of it, now. `appears` is how much later it shows in the account."""
        return self.other_side.complete(kw, number, appears)

    def show(self, kw: str, number: str) -> PortIn:
        """Show a number in the account now, before or after its completion."""
        return self.other_side.show(kw, number)

    def cancel_number(self, kw: str, number: str) -> PortIn:
        """Cancel one number as the carrier."""
        return self.other_side.cancel_number(kw, number)

    def grant_cancel(self, kw: str) -> PortIn:
        """Grant a waiting cancel."""
        return self.other_side.grant_cancel(kw)

    def refuse_cancel(self, kw: str) -> PortIn:
        """Refuse a waiting cancel."""
        return self.other_side.refuse_cancel(kw)

    def _timed(self, scheduled_steps: ScheduledSteps) -> dict[str, Callable[[Step], None]]:
        """What happens by itself as time passes, by the kind of step."""
        return {
            **scheduled_steps.steps,
            StepKind.PORT_ORDER: self.port_orders.go_on,
            StepKind.NUMBER_ORDERED: self.orders.fill,
            StepKind.TEN_DLC: self.ten_dlc.go_on,
            StepKind.TEXT_STATUS: self.outbound.status,
            **self.registry.steps,
            **self.port_outs.steps,
        }

    def _carry_out(self, step: Step) -> None:
        if act := self._with_an_answer.get(StepKind(step.what)):
            act(step)
            return
        with self.exchange.at(step.due):
            self._by_itself[step.what](step)

    def _fetch(self, step: Step) -> None:
        message = self.state.messages.get(step.subject)
        if message is not None:
            dialect = self._dialects[self.exchange.carrier_of(message.account_sid)]
            fetched = self.attachments.fetch(message, dialect.largest_media)
            self.outbound.go_on(message, step.due, fetched=fetched)

    def _post(self, step: Step) -> None:
        sent = self._callbacks.carry(step)
        if sent is None:
            return
        post, reply = sent
        received = self.state.messages.get(post.about)
        if received and reply.good and "xml" in reply.content_type:
            post.fate += send_replies(self.exchange, self.outbound, received, reply.text)
