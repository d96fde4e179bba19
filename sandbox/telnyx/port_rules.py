"""What happens to porting orders by themselves, and by their numbers' scenarios.

https://developers.telnyx.com/docs/numbers/porting
"""

import secrets
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.porting.port_outs import PortOuts
from sandbox.porting.records import Comment
from sandbox.records import Carrier, Step
from sandbox.scenarios import Scenario, is_nanp, scenario
from sandbox.telnyx import port_characters
from sandbox.telnyx.errors import Json
from sandbox.telnyx.port_arrivals import PortArrivals
from sandbox.telnyx.port_events import PortEvents
from sandbox.telnyx.port_scenarios import (
    EARLY,
    EXPIRES_AT_FOC,
    NO_COVERAGE,
    NOT_PORTABLE,
    SPLITS_LATER,
    ends,
    is_fast,
    objections,
)
from sandbox.telnyx.port_windows import Window, later, new_job, windows
from sandbox.telnyx.records import OVER, ActivationJob, JobStatus, PortOrder, PortStatus, TextsStatus

DAY = timedelta(days=1)


class PortOrders:
    """Keeps porting orders and lets them go on."""

    def __init__(self, exchange: Exchange, inventory: Inventory, port_outs: PortOuts) -> None:
        self._exchange = exchange
        self._port_outs = port_outs
        self._inventory = inventory
        self.events = PortEvents(exchange)
        self.arrivals = PortArrivals(exchange, inventory, self.events)
        self._acts = {
            "delete": self.delete,
            "submit": self._submit,
            "answer": self.answer,
            "move": self._move,
            "withdraw": self._withdraw_for_days,
            "show": self.arrivals.show_early,
            "port": self._port,
            "complete": self.complete,
            "cancel": self.cancelled,
            "refuse-cancel": self.refuse_cancel,
            "heed": self._heed,
        }
        self._afterwards = {"appear": self.arrivals.appear, "texts": self.arrivals.texts}

    def obstacle(self, number: str, account_sid: str) -> str:
        """Why a number cannot be ported, or an empty text. Only `no_coverage` is known from the documents."""
        held = self._inventory.held(number)
        if not is_nanp(number):
            return NO_COVERAGE
        if held is not None and held.account_sid == account_sid:
            return "already_in_account"
        return NOT_PORTABLE.get(number[-4:], "")

    def under_way(self, number: str) -> bool:
        """Whether another order has this number."""
        orders = self._exchange.state.port_orders.values()
        return any(number in order.numbers for order in orders if order.status not in OVER)

    def has_brought(self, number: str) -> bool:
        """Whether a number came, or comes, by an order."""
        orders = self._exchange.state.port_orders.values()
        return any(number in order.numbers and order.status is not PortStatus.CANCELLED for order in orders)

    def draft(self, order: PortOrder) -> None:
        """Keep a new draft, for thirty days."""
        with self._exchange.changing() as state:
            state.port_orders[order.sid] = order
            self.plan(order, "delete", self._exchange.delays.draft_kept)

    def delete(self, order: PortOrder) -> None:
        """Delete a draft, and tell it."""
        with self._exchange.changing():
            self.events.deleted(order)
            del self._exchange.state.port_orders[order.sid]

    def confirm(self, order: PortOrder) -> None:
        """Take an order that is complete; the carrier checks its papers first."""
        with self._exchange.changing():
            order.support_key = order.support_key or f"sr_{secrets.token_hex(3)}"
            self._become(order, PortStatus.IN_PROCESS)
            self.plan(order, "submit", self._exchange.delays.papers_checked)

    def cancel(self, order: PortOrder) -> None:
        """Take the wish to cancel; staff grant it a minute later, unless a number's scenario says otherwise."""
        special = _special(order)
        with self._exchange.changing():
            order.before_cancel = order.status
            self._become(order, PortStatus.CANCEL_PENDING)
            if any(each.cancel_too_late for each in special):
                self.plan(order, "complete", self._exchange.delays.cancel * 10)
            elif not any(each.cancel_waits for each in special):
                refused = any(each.cancel_refused for each in special)
                self.plan(order, "refuse-cancel" if refused else "cancel", self._exchange.delays.cancel)

    def comment(self, order: PortOrder, body: str, user_type: str = "user") -> Comment:
        """Add a comment, and tell it."""
        with self._exchange.changing():
            comment = Comment(str(uuid4()), body, user_type, self._exchange.now())
            order.comments.append(comment)
            self.events.commented(order, comment)
            if port_characters.heeds(order, user_type):
                self.plan(order, "heed", port_characters.READ)
        return comment

    def windows(self, numbers: Sequence[str]) -> list[Window]:
        """The windows in which a port of these numbers can be wished for."""
        return windows(numbers, self._exchange.now())

    def go_on(self, step: Step) -> None:
        """Do what was planned, unless the order's state has changed since."""
        order = self._exchange.state.port_orders.get(step.subject)
        act, _, turn = step.detail.partition(" ")
        if order is not None and order.turn == int(turn):
            (self._acts | self._afterwards)[act](order)

    def answer(self, order: PortOrder) -> None:
        """The losing carrier's answer: what is wrong, or the date."""
        by_record = port_characters.codes(self._exchange, order)
        if codes := self._refusals(order) or objections(order.numbers, _admin(order)) or by_record:
            self.object(order, codes)
            return
        if when := port_characters.moment(self._exchange, order):
            self.commit(order, when)
            return
        wished = _section(order.fields, "activation_settings").get("foc_datetime_requested")
        earliest = self.windows(order.numbers)[0][0]
        self.commit(order, max(datetime.fromisoformat(str(wished)), self._exchange.now()) if wished else earliest)

    def commit(self, order: PortOrder, foc: datetime) -> None:
        """Set the date. A fast order is ported by a job on that day, any other at that moment."""
        order.foc, now = foc, self._exchange.now()
        for number in order.numbers:
            self._port_outs.dated_by_neighbor(number, foc)
        self._become(order, PortStatus.FOC_DATE_CONFIRMED)
        if is_fast(order.numbers):
            self.schedule(order, new_job(order.numbers, foc, now))
            return
        special, first = _special(order), not order.upsets
        self.plan(order, "port", foc - now)
        if any(each.early for each in special):
            self.plan(order, "complete", max(timedelta(), foc - now - DAY))
        if first and any(each.moves for each in special):
            self.plan(order, "move", DAY)
        if first and any(each.withdrawn for each in special):
            self.plan(order, "withdraw", DAY)
        early = [each.appears for each in special if each.appears and each.appears < timedelta()]
        if early or ends(order.numbers, EARLY):
            self.plan(order, "show", max(timedelta(), foc - now + early[0]) if early else timedelta())

    def schedule(self, order: PortOrder, job: ActivationJob) -> None:
        """Let a job port the order at its moment, and no other."""
        order.jobs = [job]
        order.turn += 1
        self.plan(order, "port", max(timedelta(), job.activate_at - self._exchange.now()))

    def object(self, order: PortOrder, codes: list[str]) -> None:
        """Put an order into exception, for two weeks."""
        order.foc, order.jobs = None, []
        self._become(order, PortStatus.EXCEPTION, codes)
        self.plan(order, "cancel", self._exchange.delays.exception_kept)

    def submit_again(self, order: PortOrder) -> None:
        """Send an order to the losing carrier by itself, a moment after it was mended."""
        order.turn += 1
        self.plan(order, "submit", self._exchange.delays.resubmitted)

    def withdraw(self, order: PortOrder) -> None:
        """Withdraw the date. Nothing happens until somebody acts."""
        order.foc, order.jobs = None, []
        order.upsets += 1
        self._become(order, PortStatus.SUBMITTED)

    def complete(self, order: PortOrder) -> None:
        """Port the numbers now; they show in the account a moment later."""
        for job in order.jobs:
            job.status, job.updated = JobStatus.COMPLETED, self._exchange.now()
        for number in order.numbers:
            self._port_outs.taken_by_neighbor(number)
        self._become(order, PortStatus.PORTED)
        appears = [each.appears for each in _special(order) if each.appears]
        self.plan(order, "appear", max(timedelta(), appears[0] if appears else self._exchange.delays.appears))
        if order.texts is TextsStatus.PENDING:
            self.arrivals.texts_become(order, TextsStatus.ACTIVATING)
            self.plan(order, "texts", self._exchange.delays.texts_ported)

    def cancelled(self, order: PortOrder) -> None:
        """Cancel an order, with its texts."""
        self._become(order, PortStatus.CANCELLED)
        if order.texts is not TextsStatus.NOT_APPLICABLE:
            self.arrivals.texts_become(order, TextsStatus.CANCELED)

    def refuse_cancel(self, order: PortOrder) -> None:
        """Return an order to the state in which it was to be cancelled."""
        if order.foc is not None:
            self.commit(order, order.foc)
        else:
            self._become(order, order.before_cancel or PortStatus.SUBMITTED)
            self.plan(order, "answer", self._exchange.delays.losing_carrier)

    def split(self, order: PortOrder, numbers: list[str]) -> PortOrder:
        """Put numbers into an order of their own, which goes on like the one from which they come."""
        now = self._exchange.now()
        new = replace(deepcopy(order), sid=str(uuid4()), numbers=numbers, created=now, updated=now, comments=[])
        new.support_key = f"sr_{secrets.token_hex(3)}"
        with self._exchange.changing() as state:
            order.numbers = [each for each in order.numbers if each not in numbers]
            state.port_orders[new.sid] = new
            steps = [step for step in state.steps if step.subject == order.sid and step.what == StepKind.PORT_ORDER]
            for step in steps:
                self._exchange.at_time(StepKind.PORT_ORDER, new.sid, step.due, step.detail)
            self.events.split(order, new)
        return new

    def plan(self, order: PortOrder, act: str, after: timedelta) -> None:
        """Do something later, unless the order's state changes before."""
        self._exchange.later(StepKind.PORT_ORDER, order.sid, after, f"{act} {order.turn}")

    def _submit(self, order: PortOrder) -> None:
        """Send an order to the losing carrier. To a fast one it answers at once."""
        self._become(order, PortStatus.SUBMITTED)
        for number in order.numbers:
            self._port_outs.asked_by_neighbor(number, str(_admin(order).get("pin_passcode") or ""), Carrier.TELNYX)
        usual = timedelta() if is_fast(order.numbers) else self._exchange.delays.losing_carrier
        by_character = port_characters.answers_after(self._exchange, order)
        self.plan(order, "answer", usual if by_character is None else by_character)
        apart = [each for each in order.numbers if each.endswith(SPLITS_LATER)]
        if apart and len(apart) < len(order.numbers):
            self.split(order, apart)

    def _move(self, order: PortOrder) -> None:
        order.upsets += 1
        if order.foc is not None:
            self.commit(order, later(order.foc, 3 if any(each.moves for each in _special(order)) else 1))

    def _heed(self, order: PortOrder) -> None:
        """Staff answer a comment: they have asked the losing carrier, which answers now."""
        self.comment(order, port_characters.STAFF_ANSWER, "admin")
        self.answer(order)

    def _withdraw_for_days(self, order: PortOrder) -> None:
        self.withdraw(order)
        self.plan(order, "answer", 2 * DAY)

    def _port(self, order: PortOrder) -> None:
        special = _special(order)
        slips = any(each.slips for each in special) or port_characters.does_slip(self._exchange, order)
        if slips and not order.upsets:
            self.plan(order, "move", timedelta(hours=1))
        elif refused := self._refusals(order):
            self.object(order, refused)
        elif ends(order.numbers, EXPIRES_AT_FOC):
            self.object(order, ["FOC_EXPIRED"])
        elif any(each.rejected_at_the_end for each in special):
            self.object(order, ["PHONE_NUMBER_NOT_PORTABLE"])
        elif any(each.cancelled_at_the_end for each in special):
            self.cancelled(order)
        else:
            self.complete(order)

    def _refusals(self, order: PortOrder) -> list[str]:
        """The code of an exception if the owner at the other carrier of this world has refused."""
        return ["OTHER"] if any(self._port_outs.refusal(number) for number in order.numbers) else []

    def _become(self, order: PortOrder, status: PortStatus, codes: list[str] | None = None) -> None:
        order.status, order.codes, order.updated = status, codes or [], self._exchange.now()
        order.turn += 1
        self.events.status_changed(order)


def _special(order: PortOrder) -> list[Scenario]:
    return [scenario(number) for number in order.numbers]


def _admin(order: PortOrder) -> Json:
    return _section(_section(order.fields, "end_user"), "admin")


def _section(fields: Json, name: str) -> Json:
    section = fields.get(name)
    return section if isinstance(section, dict) else {}
