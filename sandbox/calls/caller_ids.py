"""Verified caller IDs: numbers outside the account that it may show once their owner has keyed a code."""

import secrets
from typing import Final

from sandbox.calls.records import Call, CallerId
from sandbox.errors import Refusal
from sandbox.exchange import Exchange
from sandbox.phones import Phones, how_it_answers
from sandbox.records import PhoneText, new_sid
from sandbox.scenarios import country

SENDER: Final = "+18885550199"
"""The carrier's own number, from which codes are told."""


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
        if any(each.verified for each in self._of(phone_number, account_sid)):
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

    def verify(self, phone_number: str, code: str, account_sid: str = "") -> bool:
        """Take the code that the owner keys, or has told this account; whether it was right."""
        with self._exchange.changing():
            open_ones = [each for each in self._of(phone_number, account_sid) if not each.verified]
            for asked in open_ones:
                asked.verified = secrets.compare_digest(asked.code.encode(), code.encode())
                self._notify(asked)
        return any(asked.verified for asked in open_ones)

    def tell_code(self, phone_number: str, code: str, *, by_text: bool) -> None:
        """Tell the owner of a number a code, by a text or in a call, instead of asking for it."""
        words, now = f"Your verification code is {code}", self._exchange.now()
        with self._exchange.changing() as state:
            if by_text:
                self._phones.phone(phone_number).texts.append(PhoneText(words, SENDER, now))
                return
            call = Call(new_sid("CA"), "", SENDER, phone_number, "outbound", "completed", now, ended=now)
            call.transcript.append(f"says “{words}”")
            state.calls[call.sid] = call

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

    def _of(self, phone_number: str, account_sid: str) -> list[CallerId]:
        known = [each for each in self._exchange.state.caller_ids.values() if each.phone_number == phone_number]
        return [each for each in known if account_sid in {"", each.account_sid}]
