"""The steps of a port that happen by themselves as time passes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.losing_carriers import answered_at, character_of, committed_day, objection, slips
from sandbox.porting.asking import asked_of
from sandbox.porting.dates import business_day, is_holiday, port_moment
from sandbox.porting.port_outs import PortOuts
from sandbox.porting.records import FINAL_NUMBERS, FINAL_REQUESTS, Mail, NumberStatus, PortIn, PortNumber, RequestStatus
from sandbox.porting.status_changes import StatusChanges
from sandbox.records import Carrier, Step
from sandbox.scenarios import GOOD_ACCOUNT_NUMBER, GOOD_PIN, is_mobile, scenario

DAY = timedelta(days=1)


class ScheduledSteps:
    """Carries out the steps of ports. Each checks the present state, so an outdated step does nothing."""

    def __init__(self, exchange: Exchange, statuses: StatusChanges, inventory: Inventory, port_outs: PortOuts) -> None:
        self._exchange = exchange
        self._port_outs = port_outs
        self._statuses = statuses
        self._inventory = inventory

    @property
    def steps(self) -> dict[str, Callable[[Step], None]]:
        """What happens to ports by itself."""
        return {
            StepKind.REVIEWED: self.reviewed,
            StepKind.EXPIRED: self.expired,
            StepKind.SENT_ON: self.sent_on,
            StepKind.ANSWERED: self.answered,
            StepKind.MOVED: self.moved,
            StepKind.WITHDRAWN: self.withdrawn,
            StepKind.PORT_DAY: self.port_day,
            StepKind.COMPLETED: self.completed,
            StepKind.CANCELED: self.canceled,
            StepKind.APPEARED: self.appeared,
        }

    def reviewed(self, step: Step) -> None:
        """Send the letter of authorisation for the numbers that can be ported."""
        port_in = self._exchange.state.port_ins[step.subject]
        for number in port_in.numbers:
            if number.status is NumberStatus.IN_REVIEW:
                unportable = number.not_portable_code is not None
                self._statuses.change(
                    port_in, number, NumberStatus.CANCELED if unportable else NumberStatus.WAITING_FOR_SIGNATURE
                )
        self._statuses.settle(port_in)
        if port_in.status is RequestStatus.WAITING_FOR_SIGNATURE:
            self._ask_for_signature(port_in)

    def expired(self, step: Step) -> None:
        """Expire a request that was not signed in time."""
        port_in = self._exchange.state.port_ins[step.subject]
        if port_in.signed is None and port_in.status not in FINAL_REQUESTS:
            self.expire(port_in)

    def expire(self, port_in: PortIn) -> None:
        """End a request that has no signature."""
        port_in.reason = "The letter of authorization was not signed in time"
        for number in port_in.numbers:
            if number.status not in FINAL_NUMBERS:
                self._statuses.change(port_in, number, NumberStatus.CANCELED)
        self._statuses.settle(port_in, RequestStatus.EXPIRED)

    def sent_on(self, step: Step) -> None:
        """Send a signed request to the losing carrier."""
        port_in = self._exchange.state.port_ins[step.subject]
        for number in port_in.numbers:
            if number.status is NumberStatus.WAITING_FOR_SIGNATURE:
                self._statuses.change(port_in, number, NumberStatus.PORT_SUBMITTED)
                self._port_outs.asked_by_neighbor(number.phone_number, number.pin, Carrier.TWILIO)
        self._statuses.settle(port_in)
        self._exchange.at_time(StepKind.ANSWERED, port_in.sid, self._answered_at(port_in))

    def _answered_at(self, port_in: PortIn) -> datetime:
        """The moment at which the losing carrier answers a request that it gets now."""
        now, first = self._exchange.now(), port_in.numbers[0]
        if character := character_of(first.phone_number):
            return answered_at(character, asked_of(self._exchange.state, port_in, first), now)
        return now + self._exchange.delays.losing_carrier

    def answered(self, step: Step) -> None:
        """Give each waiting number the answer of the losing carrier: a date or a rejection."""
        port_in = self._exchange.state.port_ins[step.subject]
        for number in port_in.numbers:
            if number.status is NumberStatus.PORT_SUBMITTED:
                code = self._port_outs.refusal(number.phone_number) or self._refusal(port_in, number)
                if code:
                    self._statuses.change(port_in, number, NumberStatus.PORT_REJECTED, code)
                else:
                    self.commit(port_in, number, self._date_of(port_in, number))
        self._statuses.settle(port_in)

    def _refusal(self, port_in: PortIn, number: PortNumber) -> int | None:
        """The code with which the losing carrier rejects a number, or None."""
        if character := character_of(number.phone_number):
            return objection(character, asked_of(self._exchange.state, port_in, number)) or _refusal(port_in, number)
        return _refusal(port_in, number)

    def _date_of(self, port_in: PortIn, number: PortNumber) -> datetime:
        if character := character_of(number.phone_number):
            asked = asked_of(self._exchange.state, port_in, number)
            day = committed_day(character, asked, self._exchange.now().date())
            return datetime.combine(day, self._exchange.delays.port_time, UTC)
        return self.usual_date(port_in)

    def _slips(self, port_in: PortIn, number: PortNumber) -> bool:
        """Whether the date of a number slips to the next business day, once."""
        character = character_of(number.phone_number)
        by_chance = character and slips(character, asked_of(self._exchange.state, port_in, number))
        return not number.upsets and bool(by_chance or scenario(number.phone_number).slips)

    def usual_date(self, port_in: PortIn) -> datetime:
        """The date to which the losing carrier commits by default."""
        asked, delays = port_in.asked, self._exchange.delays
        wished, start = asked.get("target_port_in_date"), asked.get("target_port_in_time_range_start")
        return port_moment(self._exchange.now(), wished, start, delays.lead_days, delays.port_time)

    def commit(self, port_in: PortIn, number: PortNumber, when: datetime) -> None:
        """Commit one number to a new or moved date. The caller settles the request afterwards."""
        number.port_date = when
        self._port_outs.dated_by_neighbor(number.phone_number, when)
        self._statuses.change(port_in, number, NumberStatus.PORT_PENDING)
        special, stamp = scenario(number.phone_number), f"{number.sid} {when.isoformat()}"
        self._exchange.at_time(StepKind.PORT_DAY, port_in.sid, when, stamp)
        if special.early:
            self._exchange.at_time(StepKind.COMPLETED, port_in.sid, max(self._exchange.now(), when - DAY), stamp)
        if special.moves and not number.upsets:
            self._exchange.later(StepKind.MOVED, port_in.sid, DAY, stamp)
        if special.withdrawn and not number.upsets:
            self._exchange.later(StepKind.WITHDRAWN, port_in.sid, DAY, stamp)
        if special.appears and special.appears < timedelta(0):
            due = max(self._exchange.now(), when + special.appears)
            self._exchange.at_time(StepKind.APPEARED, port_in.sid, due, stamp)

    def moved(self, step: Step) -> None:
        """Move the date of a number: by one business day if it slipped on the port day, else by three."""
        port_in, number = self._committed(step)
        if number and number.port_date:
            number.upsets += 1
            days = 3 if scenario(number.phone_number).moves else 1
            day = business_day(number.port_date.date(), later=days)
            self.commit(port_in, number, datetime.combine(day, number.port_date.timetz()))
            self._statuses.settle(port_in)

    def withdrawn(self, step: Step) -> None:
        """Withdraw the date of a number; the losing carrier answers again two days later."""
        port_in, number = self._committed(step)
        if number:
            self.withdraw(port_in, number)
            self._statuses.settle(port_in)
            self._exchange.later(StepKind.ANSWERED, port_in.sid, 2 * DAY)

    def withdraw(self, port_in: PortIn, number: PortNumber) -> None:
        """Remove one number's date. The caller settles the request afterwards."""
        number.upsets += 1
        number.port_date = None
        self._statuses.change(port_in, number, NumberStatus.PORT_SUBMITTED)

    def port_day(self, step: Step) -> None:
        """Complete a number whose committed moment has come, even if a cancel of it is unanswered."""
        port_in, number = self._committed(step)
        if number is None:
            return
        special = scenario(number.phone_number)
        if self._slips(port_in, number):
            self._exchange.later(StepKind.MOVED, port_in.sid, timedelta(hours=1), step.detail)
        elif code := self._port_outs.refusal(number.phone_number) or (22159 if special.rejected_at_the_end else None):
            number.port_date = None
            self._statuses.change(port_in, number, NumberStatus.PORT_REJECTED, code)
        elif special.cancelled_at_the_end:
            self._statuses.change(port_in, number, NumberStatus.CANCELED)
        else:
            self.complete(port_in, number)
        self._statuses.settle(port_in)

    def completed(self, step: Step) -> None:
        """Complete a number before its date, or although its cancel was requested."""
        port_in, number = self._number(step) if _is_for_any_date(step) else self._committed(step)
        if number and number.status in {NumberStatus.PORT_PENDING, NumberStatus.CANCELING}:
            self.complete(port_in, number)
            self._statuses.settle(port_in)

    def complete(self, port_in: PortIn, number: PortNumber, appears: timedelta | None = None) -> None:
        """Complete a number; it appears in the account after a delay. The caller settles the request afterwards."""
        self._statuses.change(port_in, number, NumberStatus.COMPLETED)
        wanted = (appears, scenario(number.phone_number).appears, self._exchange.delays.appears)
        after = max(timedelta(0), next(each for each in wanted if each is not None))
        self._port_outs.taken_by_neighbor(number.phone_number)
        self._inventory.go_live(number.phone_number)
        self._exchange.later(StepKind.APPEARED, port_in.sid, after, number.sid)

    def canceled(self, step: Step) -> None:
        """Grant a cancel."""
        port_in, number = self._number(step)
        if number.status is NumberStatus.CANCELING:
            self._statuses.change(port_in, number, NumberStatus.CANCELED)
            self._statuses.settle(port_in)

    def appeared(self, step: Step) -> None:
        """Show a number in the account, before or after its completion."""
        self.show(*self._number(step))

    def show(self, port_in: PortIn, number: PortNumber) -> None:
        """Put a number into the account unless its port has failed."""
        ported = number.changed if number.status is NumberStatus.COMPLETED else None
        if ported or number.status is NumberStatus.PORT_PENDING:
            self._inventory.appear(number.phone_number, port_in.account_sid, ported)

    def _ask_for_signature(self, port_in: PortIn) -> None:
        scenarios = [scenario(number.phone_number) for number in port_in.numbers]
        port_in.mailed = self._exchange.now()
        if all(each.mailed for each in scenarios):
            signer = port_in.customer["authorized_representative_email"]
            url = f"{self._exchange.public_url}/sign/{port_in.signature_key}"
            usual = "Please sign the letter of authorization for your phone numbers"
            subject = self._exchange.state.signing.get("email_subject", usual)
            self._exchange.state.mailbox.append(Mail(signer, subject, port_in.sid, url, port_in.mailed))
        lengths = [each.signature_expires for each in scenarios if each.signature_expires]
        after = min(lengths, default=self._exchange.delays.signature_expires)
        self._exchange.later(StepKind.EXPIRED, port_in.sid, after)

    def _number(self, step: Step) -> tuple[PortIn, PortNumber]:
        port_in = self._exchange.state.port_ins[step.subject]
        sid = step.detail.split()[0]
        return port_in, next(number for number in port_in.numbers if number.sid == sid)

    def _committed(self, step: Step) -> tuple[PortIn, PortNumber | None]:
        """The number that a step is for, or None if its date has changed since the step was planned."""
        port_in, number = self._number(step)
        still = number.status in {NumberStatus.PORT_PENDING, NumberStatus.CANCELING} and number.port_date
        same = bool(still) and still and step.detail.endswith(still.isoformat())
        return port_in, number if same else None


def _is_for_any_date(step: Step) -> bool:
    """Whether a step applies to its number whatever the date is."""
    return " " not in step.detail


def _refusal(port_in: PortIn, number: PortNumber) -> int | None:
    """The code with which the losing carrier rejects a number, or None."""
    special, mobile = scenario(number.phone_number), is_mobile(number.phone_number)
    wished = port_in.asked.get("target_port_in_date")
    if special.rejected:
        return special.rejected
    if (mobile and not port_in.account_number) or (
        special.needs_account and port_in.account_number != GOOD_ACCOUNT_NUMBER
    ):
        return 22156
    if (mobile and not number.pin) or (special.needs_pin and number.pin != GOOD_PIN):
        return 22155
    on_a_holiday = wished is not None and is_holiday(datetime.fromisoformat(str(wished)).date())
    return 22158 if on_a_holiday else None
