"""What a call that comes in costs by the phones that it rings: ten minutes while it goes on, then what it took."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.calls.checking import forwarded_to
from service.calls.legs.models import Leg, Ringing
from service.calls.queries import plan_of
from service.inbox.models import Call, Outcome
from service.lines.inventory import carrier_holding
from service.lines.models import Phone
from service.phone_numbers import without_extension
from service.queue import task
from service.services import Services
from service.spending.estimates import RESERVED
from service.spending.expenses import started_minutes
from service.spending.incoming import count


@task
def count_call(services: Services, *, call_id: int) -> None:
    """Count what a call costs by now for the caps of its workspace. A call that was deleted since is left out."""
    with services.sessions.begin() as session:
        call = session.get(Call, call_id)
        rung = _may_ring(session, call) if call else []
        if call is None or not rung:
            return
        prices = services.network(carrier_holding(session, call.number)).prices
        amount = max(prices.rate(one).minute for one in rung) * _minutes(call)
        count(session, services.settings, call.conversation.contact.workspace_id, call.id, amount, prices.currency)


def _may_ring(session: Session, call: Call) -> list[str]:
    """The numbers (E.164) that a call may ring. No carrier says which one was picked up, so the dearest counts."""
    line_id = call.conversation.line_id
    phones = session.scalars(select(Phone.number).where(Phone.line_id == line_id))
    passed_on = session.scalars(select(Leg.number).join(Leg.ringing).where(Ringing.call_reference == call.reference))
    return [without_extension(one) for one in (*phones, *passed_on, *forwarded_to(plan_of(session, line_id)))]


def _minutes(call: Call) -> int:
    """The started minutes that a phone was connected: at most those of the whole call, none if nobody took it."""
    if call.outcome is Outcome.RINGING or (call.outcome is Outcome.ANSWERED and not call.seconds):
        return RESERVED
    return started_minutes(call.seconds) if call.outcome is Outcome.ANSWERED else 0
