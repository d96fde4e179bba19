"""How fast an account may register: the carrier takes a brand or a campaign a second, and answers 429 to more."""

from sandbox.errors import Refusal
from sandbox.exchange import Exchange


class Pace:
    """Refuses a registration that comes too soon after another one (`between_registrations` in `delays.py`)."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def keep(self, account_sid: str) -> None:
        """Note a registration of an account. Raises `Refusal` 20429 if it comes too soon; nothing was done then."""
        times = self._exchange.state.last_registered
        now, last = self._exchange.now(), times.get(account_sid)
        if last and now < last + self._exchange.delays.between_registrations:
            raise Refusal(20429, "Too Many Requests", 429)
        times[account_sid] = now
