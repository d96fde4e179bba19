"""Verified caller IDs: numbers outside the account that it may show once their owner has keyed a code."""

import secrets

from sandbox.calls.records import CallerId
from sandbox.errors import Refusal
from sandbox.exchange import Exchange
from sandbox.phones import Phones, how_it_answers
from sandbox.records import new_sid
from sandbox.scenarios import country


class CallerIds:
    """Asks owners for the code, and keeps which caller IDs are verified."""

    def __init__(self, exchange: Exchange, phones: Phones) -> None:
        self._exchange = exchange
        self._phones = phones

    def ask(self, account_sid: str, phone_number: str, friendly_name: str, status_callback: str) -> CallerId:
        """Call a number for its code. The validation fails at once where the phone is not answered.

        Raises `Refusal` for what is no number or is verified already.
        """
        if country(phone_number) is None:
            raise Refusal(21211, f"{phone_number} is not a valid phone number.")
        if any(each.verified for each in self._of(phone_number)):
            raise Refusal(21450, "Phone number already validated for your account.")
        with self._exchange.changing() as state:
            asked = CallerId(
                sid=new_sid("PN"),
                account_sid=account_sid,
                phone_number=phone_number,
                friendly_name=friendly_name or phone_number,
                code=f"{secrets.randbelow(10**6):06}",
                created=self._exchange.now(),
                status_callback=status_callback,
            )
            state.caller_ids[asked.sid] = asked
            if how_it_answers(self._phones.phone(phone_number).answers)[0] in {"busy", "no-answer", "failed"}:
                self._notify(asked)
        return asked

    def verify(self, phone_number: str, code: str) -> bool:
        """Take the code that the owner keys; whether it was right. The account gets a callback either way."""
        with self._exchange.changing():
            open_ones = [each for each in self._of(phone_number) if not each.verified]
            for asked in open_ones:
                asked.verified = secrets.compare_digest(asked.code.encode(), code.encode())
                self._notify(asked)
        return any(asked.verified for asked in open_ones)

    def _notify(self, asked: CallerId) -> None:
        parameters = {
            "AccountSid": asked.account_sid,
            "CallSid": f"CA{asked.sid[2:]}",
            "VerificationStatus": "success" if asked.verified else "failed",
            "To": asked.phone_number,
            "Called": asked.phone_number,
        }
        parameters |= {"OutgoingCallerIdSid": asked.sid} if asked.verified else {}
        self._exchange.post_form(asked.account_sid, asked.status_callback, parameters)

    def _of(self, phone_number: str) -> list[CallerId]:
        return [each for each in self._exchange.state.caller_ids.values() if each.phone_number == phone_number]
