"""Send callbacks about texts without a pause, each again until it is answered with success, as a carrier would."""

from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, Thread
from time import monotonic, sleep

import requests

from sandbox.twilio.callback_requests import sign


@dataclass
class Load:
    """Callbacks about texts to one number; `taken` has the seconds that each successful one took, by the text's id.

    `asked_at` is when the latest request began that was answered with success, in seconds of `time.monotonic`.
    """

    url: str
    number: str
    token: str = field(repr=False)
    taken: dict[str, float] = field(default_factory=dict)
    repeated: int = 0
    failures: int = 0
    asked_at: float = 0.0
    _over: Event = field(default_factory=Event)
    _numbers: "count[int]" = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)
    _senders: list[Thread] = field(default_factory=list)

    def another(self) -> "Load":
        """A new load on the same number, with other ids."""
        return Load(self.url, self.number, self.token, _numbers=self._numbers)

    def begin(self, senders: int, pause: float = 0.02) -> None:
        """Start sending, each sender waiting a moment between two texts."""
        self._senders = [Thread(target=self._send_all, args=[pause], daemon=True) for _ in range(senders)]
        for sender in self._senders:
            sender.start()

    def end(self) -> None:
        """Stop once every text that was sent has been answered with success."""
        self._over.set()
        for sender in self._senders:
            sender.join(60)

    def _send_all(self, pause: float) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._over.is_set():
                with self._lock:
                    number = next(self._numbers)
                self._send(session, f"SM{number:032x}", max(pause / 4, 0.05))
                sleep(pause)

    def _send(self, session: requests.Session, sid: str, before_again: float) -> None:
        form = [("MessageSid", sid), ("From", "+14155550123"), ("To", self.number), ("Body", sid), ("NumMedia", "0")]
        headers = {"X-Twilio-Signature": sign(self.url, form, self.token)}
        tries = 0
        while True:
            began = monotonic()
            try:
                good = session.post(self.url, data=form, headers=headers, timeout=15).ok
            except requests.RequestException:
                good = False
            if good:
                self.taken[sid] = monotonic() - began
                self.asked_at = max(self.asked_at, began)
                self.repeated += tries > 0
                return
            tries += 1
            self.failures += 1
            sleep(before_again)
