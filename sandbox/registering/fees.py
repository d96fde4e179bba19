"""What the carrier takes for registrations. It changes its prices; these are of 2026 and in cents.

https://help.twilio.com/articles/1260803965530-What-pricing-and-fees-are-associated-with-the-A2P-10DLC-service-
"""

from sandbox.exchange import Exchange
from sandbox.registering.records import Fee

BRAND, VETTING, REVIEW = 450, 4150, 1500
BY_MONTH = {"LOW_VOLUME": 150, "SOLE_PROPRIETOR": 200}
USUAL_BY_MONTH = 1000


def take(exchange: Exchange, account_sid: str, reason: str, cents: int, about: str) -> None:
    """Take a fee. The caller has checked everything that would make the carrier refuse without one."""
    exchange.state.fees.append(Fee(account_sid, exchange.now(), reason, cents, about))
