"""Pushing to members whose browser is asleep that phones ring, and taking it back once they ring no more."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from service.accounts.access import members_on
from service.accounts.models import Member
from service.calls.legs.models import Ringing, RingingState
from service.calls.legs.orders import name_of_caller
from service.calls.queries import AWAKE
from service.lines.models import BrowserPhone
from service.queue import task
from service.services import Services
from service.team_notices.delivery import deliver_soon
from service.team_notices.models import TeamEvent, TeamNotice
from service.team_notices.notify import notify_member
from service.time import now

OF_USE: Final = timedelta(minutes=1)
"""So long after a call is over may a device still be told so."""


@task
def wake_team(services: Services, *, ringing_id: int) -> None:
    """Notify members on duty whose phone window is closed that phones ring, on the devices that they chose for it."""
    with services.sessions.begin() as session:
        ringing = session.get(Ringing, ringing_id)
        if ringing is None or ringing.state is not RingingState.RINGING:
            return
        phones = services.network(ringing.carrier).browser_phones
        path = {"path": "/phone/woken" if phones and phones.is_set_up else "/inbox/"}
        facts = _facts(session, ringing, until=ringing.deadline_at) | path
        on_duty = [member for member in members_on(session, ringing.line) if member.on_duty]
        awake = _awake_among(session, on_duty)
        for member in on_duty:
            if member.id not in awake:
                notify_member(session, member, ringing.line, TeamEvent.CALL, _tag(ringing), facts)


def take_back(session: Session, ringing: Ringing) -> None:
    """Have the devices that were notified of a call show that it rings no more, and notify no other one."""
    for notice in session.scalars(_not_taken_back(session, ringing)):
        if not notice.sent_at:
            notice.facts = notice.facts | {"until": now().isoformat()}
        facts = _facts(session, ringing, until=now() + OF_USE) | {"instead_of": notice.id}
        over = {"line_id": notice.line_id, "event": TeamEvent.CALL_OVER, "reference": notice.reference, "facts": facts}
        session.add(TeamNotice(member_id=notice.member_id, channel_id=notice.channel_id, **over))
        session.flush()
        deliver_soon(session, notice.member_id, notice.channel_id)


def _not_taken_back(session: Session, ringing: Ringing) -> Select[TeamNotice]:
    """The notices of a call. They are found by the members to whom they may have gone, as by their unique key."""
    over, members = aliased(TeamNotice), [member.id for member in members_on(session, ringing.line)]
    same = over.reference == TeamNotice.reference, over.channel_id == TeamNotice.channel_id
    taken_back = exists().where(over.member_id == TeamNotice.member_id, over.event == TeamEvent.CALL_OVER, *same)
    of_call = TeamNotice.event == TeamEvent.CALL, TeamNotice.reference == _tag(ringing)
    return select(TeamNotice).where(TeamNotice.member_id.in_(members), *of_call, ~taken_back)


def _awake_among(session: Session, members: Iterable[Member]) -> set[int]:
    """The ids of those whose window has said lately that it is awake."""
    theirs = BrowserPhone.member_id.in_([member.id for member in members])
    return set(session.scalars(select(BrowserPhone.member_id).where(theirs, BrowserPhone.seen_at > now() - AWAKE)))


def _facts(session: Session, ringing: Ringing, *, until: datetime) -> dict[str, str]:
    who = name_of_caller(session, ringing) or ringing.caller
    return {"who": who, "at": now().isoformat(), "until": until.isoformat(), "tag": _tag(ringing)}


def _tag(ringing: Ringing) -> str:
    return f"call-{ringing.id}"
