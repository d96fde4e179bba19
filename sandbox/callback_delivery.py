"""Sends callbacks under the faults that are switched on, and keeps the result of each."""

from datetime import timedelta
from urllib.parse import urlsplit

import requests

from sandbox.callback_requests import CallbackRequest, Deliver, Reply
from sandbox.exchange import Exchange, StepKind
from sandbox.faults import FaultKind
from sandbox.records import Callback, Carrier, Step, new_sid
from sandbox.telnyx import callback_requests as telnyx
from sandbox.twilio import callback_requests as twilio

MOST_KEPT = 1000
NOTHING = Reply(0, "", "dropped")
HELD = "held back"
ON_THE_WIRE = (
    FaultKind.FORGE,
    FaultKind.SIGN_FRAGMENT,
    FaultKind.REPEAT_HASH,
    FaultKind.STALE,
    FaultKind.TAMPER,
    FaultKind.FLAT,
    FaultKind.UNKNOWN_EVENT,
    FaultKind.ODD_DATES,
)
"""The faults of a callback that is sent: a carrier's own code makes them."""

DELIVERIES: dict[Carrier, Deliver] = {Carrier.TWILIO: twilio.deliver, Carrier.TELNYX: telnyx.deliver}


class CallbackSender:
    """Sends callbacks without holding the lock: the receiver may call the carrier while it answers."""

    def __init__(self, exchange: Exchange, session: requests.Session) -> None:
        self._exchange = exchange
        self._session = session

    def carry(self, step: Step) -> tuple[Callback, Reply] | None:
        """Send a due callback and return it with the answer, or None if a fault drops or delays it."""
        callback = self._exchange.state.posts.get(step.subject)
        if callback is None or callback.sent or (not callback.fate and self._kept(callback)):
            return None
        reply = self._send(callback)
        if self._exchange.faults.strike(FaultKind.DOUBLE, _path(callback)):
            self._send(callback)
        self._release_held(callback)
        return callback, reply

    def ask(self, account_sid: str, url: str, method: str, form: dict[str, str], fallback_url: str = "") -> Reply:
        """Request a document from the customer's application during a call, and return the answer."""
        now = self._exchange.now()
        callback = Callback(new_sid("PO"), account_sid, url, method, now, list(form.items()), fallback_url=fallback_url)
        with self._exchange.changing() as state:
            state.posts[callback.sid] = callback
        if self._exchange.faults.strike(FaultKind.DROP, _path(callback)):
            callback.fate.append("dropped")
            return NOTHING
        return self._send(callback, awaited=True)

    def _kept(self, callback: Callback) -> bool:
        """Whether a fault drops or delays this callback."""
        faults, path = self._exchange.faults, _path(callback)
        with self._exchange.changing():
            if faults.strike(FaultKind.DROP, path):
                callback.fate.append("dropped")
            elif late := faults.strike(FaultKind.DELAY, path):
                callback.fate.append(f"delayed {late.seconds:g} s")
                self._exchange.later(StepKind.POST, callback.sid, timedelta(seconds=late.seconds))
            elif faults.strike(FaultKind.REORDER, path):
                callback.fate.append(HELD)
                self._exchange.later(StepKind.POST, callback.sid, self._exchange.delays.held_callback)
            else:
                return False
        return True

    def _release_held(self, overtaker: Callback) -> None:
        with self._exchange.lock:
            held = [callback for callback in self._exchange.state.posts.values() if callback.fate == [HELD]]
        for callback in held:
            if callback is not overtaker:
                self._send(callback)

    def _send(self, callback: Callback, *, awaited: bool = False) -> Reply:
        with self._exchange.changing() as state:
            now = callback.sent = self._exchange.now()
            account = state.accounts[callback.account_sid]
        delivery = DELIVERIES[account.carrier](self._session, self._request(callback, awaited=awaited), account, now)
        with self._exchange.changing():
            callback.tries += 1
            callback.fate += delivery.notes
            if delivery.again is not None:
                callback.sent = None
                self._exchange.later(StepKind.POST, callback.sid, delivery.again)
        self._forget_oldest()
        return delivery.reply

    def _request(self, callback: Callback, *, awaited: bool) -> CallbackRequest:
        faults, path = self._exchange.faults, _path(callback)
        struck = frozenset(kind for kind in ON_THE_WIRE if faults.strike(kind, path))
        if FaultKind.FORGE in struck:
            callback.fate.append("forged")
        return CallbackRequest(
            callback.url,
            callback.method,
            tuple(callback.form),
            callback.json_body,
            callback.fallback_url,
            callback.tries,
            awaited,
            struck,
        )

    def _forget_oldest(self) -> None:
        with self._exchange.changing() as state:
            for sid in [sid for sid, callback in state.posts.items() if callback.sent][: -MOST_KEPT or None]:
                del state.posts[sid]


def _path(callback: Callback) -> str:
    return urlsplit(callback.url).path
