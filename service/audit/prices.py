"""What texts really cost, which the carrier's log tells some time after they were sent."""

from datetime import timedelta
from typing import Final

from service.services import Services
from service.spending.expenses import correct_by_reference
from service.time import now

LOOKED_BACK: Final = timedelta(days=2)
"""A price may come a while after its text; the audit runs daily."""


def learn_prices(services: Services, carrier: str) -> None:
    """Replace the estimates of texts by the prices in the carrier's log. Raises `CarrierError`."""
    log = services.network(carrier).messaging.left(now() - LOOKED_BACK)
    told = {text.reference: text.price for text in log if text.price is not None}
    with services.sessions.begin() as session:
        correct_by_reference(session, told)
