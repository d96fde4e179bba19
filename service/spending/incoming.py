"""Calls that come in and ring phones outside: what they count for the caps, and what a cap that is reached stops.

At a cap nothing is forwarded any more, and phones abroad do not ring; nor are they while the workspace is paused. The
phones of a line in the countries where numbers are sold ring on, since its number is somebody's livelihood, until the
workspace's own caps are reached `OWN_PHONES` times over. A caller who is not put through is told so.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.config import Settings
from service.spending.expenses import write_down_call
from service.spending.models import Allowance
from service.spending.permission import Stop, Use, over, report_cap
from service.time import now

OWN_PHONES: Final = 4


def count(
    session: Session, settings: Settings, workspace_id: int, call_id: int, amount: Decimal, currency: str
) -> None:
    """Count what a call costs by now, in place of what it counted before, and stop at once what goes beyond a cap."""
    write_down_call(session, call_id, workspace_id, amount, currency)
    session.flush()
    use = Use(workspace_id, "", ())
    forwards, phones = over(session, settings, use), over(session, settings, use, times=OWN_PHONES)
    if forwards:
        report_cap(session, workspace_id, forwards)
    _keep(session, workspace_id, stop_forwards=bool(forwards), stop_phones=phones is Stop.OVER_OWN_LIMIT)


def _keep(session: Session, workspace_id: int, *, stop_forwards: bool, stop_phones: bool) -> None:
    """Store what is stopped until the day ends (UTC); the first call of the next day is counted anew."""
    until = {
        "forwards_stopped_until": _tomorrow() if stop_forwards else None,
        "phones_stopped_until": _tomorrow() if stop_phones else None,
    }
    kept = session.get(Allowance, workspace_id)
    if any(until.values()) if kept is None else {name: getattr(kept, name) for name in until} != until:
        row = insert(Allowance).values(workspace_id=workspace_id, **until)
        session.execute(row.on_conflict_do_update(index_elements=["workspace_id"], set_=until))


def _tomorrow() -> datetime:
    return datetime.combine(now().date() + timedelta(days=1), time(), now().tzinfo)
