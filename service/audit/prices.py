"""What texts and calls really cost, which the carrier's log tells some time after they were sent or have ended."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.messaging import CannotTell
from service.calls.legs.models import Leg, Ringing
from service.inbox.models import Call
from service.ledger.models import EntryKind, LedgerEntry
from service.services import Services
from service.spending.expenses import correct, correct_by_reference, correct_call
from service.time import now

LOOKED_BACK: Final = timedelta(days=2)
"""A price may come a while after its text; the audit runs daily."""


def learn_prices(services: Services, carrier: str) -> None:
    """Replace the estimates of texts and calls by the prices in the carrier's log. Raises `CarrierError`.

    Prices of texts that the carrier cannot tell now are learned on another day.
    """
    network, since = services.network(carrier), now() - LOOKED_BACK
    left = network.messaging.left(since)
    log = [] if isinstance(left, CannotTell) else left
    texts = {text.reference: text.price for text in log if text.price is not None}
    calls = dict(network.calling.prices(since))
    with services.sessions.begin() as session:
        legs = set(session.scalars(select(Leg.reference).where(Leg.reference.in_(calls))))
        correct_by_reference(session, texts | {one: price for one, price in calls.items() if one not in legs})
        _correct_calls(session, calls)


def _correct_calls(session: Session, told: dict[str, Decimal]) -> None:
    """Replace the estimates of calls, in the ledger if they went out: their legs may have taken part for long."""
    entries = (LedgerEntry.subject_id == Call.id) & (LedgerEntry.kind == EntryKind.PLACE_CALL)
    rows = select(Call.id, Call.reference, LedgerEntry.id).outerjoin(LedgerEntry, entries)
    for call_id, reference, entry_id in session.execute(rows.where(Call.reference.in_(told)).order_by(Call.id)).all():
        price = _with_legs(session, str(reference), told)
        if price is not None and entry_id:
            correct(session, entry_id, price)
        elif price is not None:
            correct_call(session, call_id, price)


def _with_legs(session: Session, reference: str, told: dict[str, Decimal]) -> Decimal | None:
    """The price of a call and its legs, each a call of its own in the log; None until all connected ones have one."""
    rows = select(Leg.reference, Leg.seconds).join(Leg.ringing).where(Ringing.call_reference == reference)
    legs = session.execute(rows.where(Leg.reference.is_distinct_from(reference))).all()
    if any(seconds and leg not in told for leg, seconds in legs):
        return None
    return told[reference] + sum((told[leg] for leg, _ in legs if leg in told), Decimal(0))
