"""Ways to reach a person beside their e-mail, and what they want to be told by which."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.models import Member
from service.errors import Conflict, NotFound
from service.lines.models import Line
from service.services import Services
from service.team.delivery import deliver
from service.team.models import CHOSEN, EMAIL, USUAL, Choice, Notice, TeamEvent, Way
from service.team.urls import checked
from service.time import now

MOST: Final = 10
"""So many ways somebody may have."""

_SHORTEST_TO_TELL: Final = 24
"""Characters of a URL below which its ending would give too much of it away."""


def ways_of(session: Session, member: Member) -> list[Way]:
    """A member's ways beside e-mail, oldest first."""
    return list(session.scalars(select(Way).where(Way.member_id == member.id).order_by(Way.id)))


def add_way(session: Session, services: Services, member: Member, url: str) -> Way:
    """Keep a way to reach somebody.

    Raises:
        Invalid: nobody knows this kind of URL, or it leads into a private network.
        Conflict: they have as many as one may.
    """
    service = checked(url, private=services.settings.notices_into_private_networks)
    if (session.scalar(select(func.count()).where(Way.member_id == member.id)) or 0) >= MOST:
        raise Conflict("You have as many ways as one may have. Take one away first.")
    ending = url.rstrip("/")[-4:] if len(url) >= _SHORTEST_TO_TELL else ""
    way = Way(member_id=member.id, url=url, name=str(service.service_name)[:64], ending=ending)
    session.add(way)
    session.flush()
    return way


def take_away(session: Session, member: Member, way_id: int) -> None:
    """Forget a way, with its URL. Raises `NotFound`."""
    session.delete(_way(session, member, way_id))


def send_trial(session: Session, member: Member, way_id: int | None) -> None:
    """Send a member one notice by this way (None: e-mail) now, so that they see that it arrives. Raises `NotFound`."""
    if way_id is not None:
        _way(session, member, way_id)
    trial = Notice(
        member_id=member.id,
        way_id=way_id,
        event=TeamEvent.TRIAL,
        reference=uuid4().hex,
        facts={"at": now().isoformat()},
    )
    session.add(trial)
    session.flush()
    deliver.defer(session, notice_id=trial.id)


def choices_of(session: Session, member: Member, line: Line) -> dict[TeamEvent, list[str]]:
    """By which ways (`EMAIL` or an id) somebody is told of each event on a line."""
    choice = session.get(Choice, (member.id, line.id))
    told = choice.told if choice else USUAL
    return {event: [str(way) for way in told.get(event, [])] for event in CHOSEN}


def choose(session: Session, member: Member, line: Line, told: Mapping[TeamEvent, Sequence[str]]) -> None:
    """Keep what somebody wants to be told of a line; ways that are not theirs are passed over."""
    known = {EMAIL: EMAIL} | {str(way.id): way.id for way in ways_of(session, member)}
    kept = {event.value: [known[way] for way in told.get(event, ()) if way in known] for event in CHOSEN}
    session.merge(Choice(member_id=member.id, line_id=line.id, told=kept))


def _way(session: Session, member: Member, way_id: int) -> Way:
    way = session.scalar(select(Way).where(Way.member_id == member.id, Way.id == way_id).with_for_update())
    if way is None:
        raise NotFound("There is no such way.")
    return way
