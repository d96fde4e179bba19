"""A member's channels beside e-mail, and the events that each of them carries."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.models import Member
from service.errors import Conflict, NotFound
from service.lines.models import Line
from service.services import Services
from service.team_notices.delivery import deliver_soon
from service.team_notices.models import CHOSEN, DEFAULT, EMAIL, NoticeChoice, TeamChannel, TeamEvent, TeamNotice
from service.team_notices.urls import checked
from service.time import now

MOST_CHANNELS: Final = 10
"""The most channels that a member may have."""

_SHORTEST_TO_TELL: Final = 24
"""Characters of a URL below which its ending would give too much of it away."""


def channels_of(session: Session, member: Member) -> list[TeamChannel]:
    """A member's channels beside e-mail, oldest first."""
    return list(session.scalars(select(TeamChannel).where(TeamChannel.member_id == member.id).order_by(TeamChannel.id)))


def add_channel(session: Session, services: Services, member: Member, url: str) -> TeamChannel:
    """Add a channel to a member.

    Raises:
        Invalid: the kind of URL is unknown, or it leads into a private network.
        Conflict: they have as many as one may.
    """
    service = checked(url, private=services.settings.notices_into_private_networks)
    must_have_room(session, member)
    ending = url.rstrip("/")[-4:] if len(url) >= _SHORTEST_TO_TELL else ""
    channel = TeamChannel(member_id=member.id, url=url, name=str(service.service_name)[:64], ending=ending)
    session.add(channel)
    session.flush()
    return channel


def must_have_room(session: Session, member: Member) -> None:
    """Raise `Conflict` if a member has as many channels as one may."""
    if (session.scalar(select(func.count()).where(TeamChannel.member_id == member.id)) or 0) >= MOST_CHANNELS:
        raise Conflict("You’ve reached the limit. Remove one first.")


def remove_channel(session: Session, member: Member, channel_id: int) -> None:
    """Delete a channel and its URL. Raises `NotFound`."""
    session.delete(_channel(session, member, channel_id))


def turn_on_again(session: Session, member: Member, channel_id: int) -> None:
    """Use a channel again that was switched off, and send a trial notice over it. Raises `NotFound`."""
    channel = _channel(session, member, channel_id)
    channel.off_at, channel.failures, channel.trouble = None, 0, ""
    send_trial(session, member, channel_id)


def show_words(session: Session, member: Member, channel_id: int, *, shown: bool) -> None:
    """Let a browser show on a locked screen who a notice is from and what they wrote, or not. Raises `NotFound`."""
    _channel(session, member, channel_id).shows_words = shown


def send_trial(session: Session, member: Member, channel_id: int | None) -> None:
    """Send a member one trial notice over a channel (None: e-mail) now. Raises `NotFound`."""
    if channel_id is not None:
        _channel(session, member, channel_id)
    trial = TeamNotice(
        member_id=member.id,
        channel_id=channel_id,
        event=TeamEvent.TRIAL,
        reference=uuid4().hex,
        facts={"at": now().isoformat()},
    )
    session.add(trial)
    session.flush()
    deliver_soon(session, member.id, channel_id)


def choices_of(session: Session, member: Member, line: Line) -> dict[TeamEvent, list[str]]:
    """The channels (`EMAIL` or an id) over which a member is notified of each event on a line."""
    choice = session.get(NoticeChoice, (member.id, line.id))
    chosen = choice.channels if choice else DEFAULT
    return {event: [str(channel) for channel in chosen.get(event, [])] for event in CHOSEN}


def choose(session: Session, member: Member, line: Line, chosen: Mapping[TeamEvent, Sequence[str]]) -> None:
    """Keep a member's channels for each event on a line. Channels of others, or not for this event, are ignored."""
    theirs, kept = channels_of(session, member), {}
    devices: dict[str, int | str] = {str(channel.id): channel.id for channel in theirs if channel.push_keys}
    known = {EMAIL: EMAIL} | {str(channel.id): channel.id for channel in theirs}
    for event in CHOSEN:
        usable = devices if event is TeamEvent.CALL else known
        kept[event.value] = [usable[channel] for channel in chosen.get(event, ()) if channel in usable]
    session.merge(NoticeChoice(member_id=member.id, line_id=line.id, channels=kept))


def _channel(session: Session, member: Member, channel_id: int) -> TeamChannel:
    channel = session.scalar(
        select(TeamChannel).where(TeamChannel.member_id == member.id, TeamChannel.id == channel_id).with_for_update()
    )
    if channel is None:
        raise NotFound("We can’t find that one. It may have been removed.")
    return channel
