"""What a call costs by the phones that it rings: ten minutes while it goes on, then what it took.

Each phone that has a call of its own counts by itself: the one that took the call, each colleague who was asked in, and
mailboxes that picked up. Of phones that ring in one step no carrier says which was picked up, so the dearest counts.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.prices import Prices
from service.calls.checking import forwarded_to
from service.calls.emergency import is_emergency
from service.calls.legs.models import Leg, LegState, Ringing
from service.calls.queries import plan_of
from service.inbox.models import Call, Contact, Direction, Outcome
from service.ledger.models import EntryKind, LedgerEntry
from service.lines.inventory import carrier_holding
from service.lines.models import Phone
from service.queue import task
from service.services import Services
from service.spending.estimates import RESERVED, call_cost
from service.spending.expenses import correct, started_minutes
from service.spending.incoming import count


@task
def count_call(services: Services, *, call_id: int) -> None:
    """Count what a call costs by now for the caps of its workspace. A call that was deleted since is left out."""
    with services.sessions.begin() as session:
        call = session.get(Call, call_id)
        if call is None:
            return
        prices = services.network(carrier_holding(session, call.number)).prices
        if call.direction is Direction.OUT:
            _correct(session, prices, call)
            return
        amount = _amount(session, prices, call)
        count(session, services.settings, call.conversation.contact.workspace_id, call.id, amount, prices.currency)


def _correct(session: Session, prices: Prices, call: Call) -> None:
    """Count what a call out takes, for all of its phones, in place of what it reserved."""
    owed = LedgerEntry.kind == EntryKind.PLACE_CALL, LedgerEntry.subject_id == call.id
    if entry_id := session.scalar(select(LedgerEntry.id).where(*owed)):
        correct(session, entry_id, _amount_out(session, prices, call))


def _amount_out(session: Session, prices: Prices, call: Call) -> Decimal:
    """What a call out costs by now: each of its legs, or the member's phone and the contact's as long as that."""
    legs = _legs(session, call)
    if not any(leg.is_callers for leg in legs):
        return call_cost(prices, priced(call, call.conversation.contact), started_minutes(call.seconds))
    return sum((call_cost(prices, [leg.number], _minutes_of(call, leg)) for leg in legs), Decimal(0))


def priced(call: Call, contact: Contact) -> tuple[str, str]:
    """The numbers by which a call out costs: emergency services count as a number of the country that they are in."""
    return call.rung_first, call.number if is_emergency(contact.number) else contact.number


def _legs(session: Session, call: Call) -> Sequence[Leg]:
    return session.scalars(select(Leg).join(Leg.ringing).where(Ringing.call_reference == call.reference)).all()


def count_again(session: Session, reference: str | None) -> None:
    """Have a call (the carrier's id) counted anew, as one of its legs was ordered or has ended."""
    if call_id := session.scalar(select(Call.id).where(Call.reference == reference)):
        count_call.defer_once(session, call_id=call_id)


def _amount(session: Session, prices: Prices, call: Call) -> Decimal:
    """What a call costs by now. Until a leg of ours has taken it, any phone of the line or forward may."""
    legs = _legs(session, call)
    of_legs = sum((call_cost(prices, [leg.number], _minutes_of(call, leg)) for leg in legs), Decimal(0))
    of_legs += _detection(session, prices, call, legs)
    if any(leg.placed_at and leg.number == call.answered_on for leg in legs):
        return of_legs
    dearest = max((call_cost(prices, [one], 1) for one in _may_ring(session, call)), default=Decimal(0))
    return of_legs + dearest * _minutes(call)


def _detection(session: Session, prices: Prices, call: Call, legs: Iterable[Leg]) -> Decimal:
    """What it costs that the carrier told, of phones that were picked up, whether a machine had."""
    if prices.detection is None or not plan_of(session, call.conversation.line_id).spots_machines:
        return Decimal(0)
    return prices.detection * sum(bool(leg.seconds) and not is_browser(leg.number) for leg in legs)


def _may_ring(session: Session, call: Call) -> list[str]:
    """What may be dialed for a call in one step (E.164, perhaps with an extension)."""
    line_id = call.conversation.line_id
    phones = session.scalars(select(Phone.number).where(Phone.line_id == line_id))
    return [*phones, *forwarded_to(plan_of(session, line_id))]


def _minutes_of(call: Call, leg: Leg) -> int:
    """The started minutes of a leg; as many as the call counts while somebody talks on it, or may after joining."""
    if leg.is_callers:
        return _minutes(call)
    if leg.seconds is not None or leg.state is LegState.ENDED:
        return started_minutes(leg.seconds or 0)
    return _minutes(call) if leg.joins or leg.number == call.answered_on else 0


def _minutes(call: Call) -> int:
    """The started minutes that a phone was connected: at most those of the whole call, none if nobody took it."""
    if call.outcome is Outcome.RINGING or (call.outcome is Outcome.ANSWERED and not call.seconds):
        return RESERVED
    return started_minutes(call.seconds) if call.outcome is Outcome.ANSWERED else 0
