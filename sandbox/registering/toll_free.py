"""Verifications of toll-free numbers, without which their texts are not delivered."""

import re
from collections.abc import Mapping
from datetime import timedelta

from sandbox.errors import Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.records import Number, Step, new_sid
from sandbox.registering.events import Events
from sandbox.registering.records import Verification, VerificationStatus
from sandbox.scenarios import is_toll_free

Fields = Mapping[str, str | list[str]]
EDITABLE = timedelta(days=7)
LONGEST_SUMMARY = 500
STILL_PORTING = 30879


class TollFreeReviews:
    """Reviews toll-free verifications."""

    def __init__(self, exchange: Exchange, events: Events) -> None:
        self._exchange = exchange
        self._events = events

    def create(self, number: Number, fields: Fields) -> Verification:
        """Submit a verification. Raises `Refusal` for a local number, or one that has a verification already."""
        if not is_toll_free(number.phone_number):
            raise Refusal(20001, "TollfreePhoneNumberSid is not a toll-free number.")
        if self.of(number) is not None:
            raise Refusal(20409, "The number has a verification already.", 409)
        _must_be_short(fields)
        now = self._exchange.now()
        made = Verification(new_sid("HH"), number.account_sid, number.sid, dict(fields), now, now)
        self._exchange.state.verifications[made.sid] = made
        self._wait(made)
        return made

    def update(self, verification: Verification, fields: Fields) -> None:
        """Correct a rejected verification. After seven days it waits like a new one."""
        if verification.status != VerificationStatus.TWILIO_REJECTED:
            raise Refusal(20409, "Only a rejected verification can be edited.", 409)
        _must_be_short(fields)
        verification.fields |= dict(fields)
        self._wait(verification)

    def reviewed(self, step: Step) -> None:
        """Decide: a magic code in the name, or a number that still is at the losing carrier, rejects."""
        verification = self._exchange.state.verifications.get(step.subject)
        if verification is None or verification.status != VerificationStatus.PENDING_REVIEW:
            return
        codes = [int(code) for code in re.findall(r"#(\d{5})", str(verification.fields.get("business_name", "")))]
        number = self._exchange.state.numbers.get(verification.number_sid)
        if number is None or number.texts_from is None:
            codes.append(STILL_PORTING)
        status = VerificationStatus.TWILIO_REJECTED if codes else VerificationStatus.TWILIO_APPROVED
        self.decide(verification, status, codes)

    def decide(self, verification: Verification, status: VerificationStatus, codes: list[int]) -> None:
        """Give the decision."""
        now = self._exchange.now()
        verification.status, verification.errors, verification.updated = status, codes, now
        rejected = status == VerificationStatus.TWILIO_REJECTED
        verification.editable_until = now + EDITABLE if rejected else None
        self._events.toll_free(verification)

    def of(self, number: Number) -> Verification | None:
        """The verification of a number, or None."""
        found = self._exchange.state.verifications.values()
        return next((one for one in found if one.number_sid == number.sid), None)

    def _wait(self, verification: Verification) -> None:
        verification.status, verification.errors = VerificationStatus.PENDING_REVIEW, []
        verification.updated = self._exchange.now()
        self._exchange.later(StepKind.TOLL_FREE_REVIEWED, verification.sid, self._exchange.delays.toll_free_reviewed)


def _must_be_short(fields: Fields) -> None:
    if len(str(fields.get("use_case_summary", ""))) > LONGEST_SUMMARY:
        raise Refusal(20001, "UseCaseSummary has more than 500 characters.")
