"""Delivering notices to their members: by e-mail, by a service that the apprise library reaches, or to a browser.

One job at a time works for each member's e-mail and for each channel, and delivers one notice. While it waits for its
next try, notices come to wait as rows, not as jobs.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from service.accounts.access import lines_read_by
from service.notifications.bodies import html_of, text_of
from service.queue import TRIES, task
from service.services import Mail, Services
from service.team_notices.handing_over import Handover, Trouble, hand_over
from service.team_notices.mentions import without_mentions
from service.team_notices.models import TeamChannel, TeamEvent, TeamNotice
from service.team_notices.pushing import encrypted, hand_to_push_service
from service.team_notices.turns import TURNS, Turn
from service.team_notices.urls import host_of
from service.team_notices.wording import Worded, worded
from service.time import now

STALE: Final = timedelta(days=1)
"""A notice that could not leave for so long is sent no more."""

NEXT_TURN: Final = timedelta(seconds=5)
"""How long a notice waits when its workspace or its host has as many under way as it may."""

WAITED_FOR: Final = timedelta(seconds=1)
"""The same for one that is soon of no use, as while a phone rings."""

_NEVER_MAILED: Final = (TeamEvent.TRIAL, TeamEvent.CALL, TeamEvent.CALL_OVER)

_FOR_GOOD: Final = {Trouble.PRIVATE, Trouble.NOT_UNDERSTOOD, Trouble.KEY_CHANGED}
"""Troubles that do not pass by themselves."""


class NotDelivered(Exception):
    """A channel did not take a notice, which is tried again. Names no channel, as its URL is a secret."""


@task
def deliver_by_mail(services: Services, *, member_id: int) -> None:
    """E-mail a member's oldest notice: once, unless the process is killed in between. Then the next has its turn.

    A failure is tried again for about two hours. Raises OSError: the mail server did not take it now.
    """
    way = (TeamNotice.member_id == member_id, TeamNotice.channel_id.is_(None))
    with services.sessions.begin() as session:
        notice = _oldest(session, *way)
        if notice is None:
            return
        mail = _mail(notice, worded(notice, services.settings))
    services.mailer.send(mail)
    with services.sessions.begin() as session:
        _sent(session, notice.id)
        deliver_by_mail.defer_once(session, member_id=member_id)


@task
def deliver_to_channel(services: Services, *, channel_id: int) -> None:
    """Hand a channel's oldest notice over, as above; after `TRIES` failures in a row the channel is switched off.

    Raises:
        NotDelivered: it did not get through now.
    """
    with services.sessions.begin() as session:
        notice = _oldest(session, TeamNotice.channel_id == channel_id)
        if notice is None or notice.channel is None or notice.channel.off_at:
            return
        send = _sending(services, notice, notice.channel)
        turn = Turn(notice.member.workspace_id, _host_of(notice.channel))
    with TURNS.take(turn) as free:
        trouble = send() if free else None
    with services.sessions.begin() as session:
        if not free:
            pause = WAITED_FOR if "until" in notice.facts else NEXT_TURN
            deliver_to_channel.defer_in(session, pause, channel_id=channel_id)
            return
        again = _note(session, notice.id, channel_id, trouble)
    if again:
        raise NotDelivered


@task
def deliver(services: Services, *, notice_id: int) -> None:
    """Deliver a notice that a version before has queued."""
    with services.sessions.begin() as session:
        if notice := session.get(TeamNotice, notice_id):
            deliver_soon(session, notice.member_id, notice.channel_id)


def deliver_soon(session: Session, member_id: int, channel_id: int | None) -> None:
    """Have what waits for a member delivered over a channel (None: e-mail)."""
    if channel_id is None:
        deliver_by_mail.defer_once(session, member_id=member_id)
    else:
        deliver_to_channel.defer_once(session, channel_id=channel_id)


def _sending(services: Services, notice: TeamNotice, channel: TeamChannel) -> Callable[[], Trouble | None]:
    """What hands a notice over, once no transaction is open."""
    if channel.push_keys:
        return partial(hand_to_push_service, encrypted(services.settings, notice, channel))
    return partial(hand_over, handover_of(services, notice, channel))


def _host_of(channel: TeamChannel) -> str:
    return urlsplit(channel.url).hostname or "" if channel.push_keys else host_of(channel.url)


def handover_of(services: Services, notice: TeamNotice, channel: TeamChannel) -> Handover:
    """The words of a notice for the service of a channel."""
    words = worded(notice, services.settings)
    text = without_mentions(text_of(replace(words.body, link="", footer="")))
    return Handover(
        url=channel.url,
        title=without_mentions(words.title),
        text=f"{text}\n\n{words.body.step}: {words.body.link}",
        private=services.settings.notices_into_private_networks,
    )


def _oldest(session: Session, *way: ColumnElement[bool]) -> TeamNotice | None:
    """The oldest notice that is to be sent this way. One that is of no use any more is dropped."""
    waiting = select(TeamNotice).where(*way, TeamNotice.sent_at.is_(None), TeamNotice.made_at > now() - STALE)
    loaded = waiting.options(joinedload(TeamNotice.channel), joinedload(TeamNotice.line)).order_by(TeamNotice.id)
    while (notice := session.scalar(loaded.limit(1))) and not _is_wanted(session, notice):
        session.delete(notice)
        session.flush()
    return notice


def _is_wanted(session: Session, notice: TeamNotice) -> bool:
    """Whether a notice is of use: its member still sees the line, it is not too late, and what it replaces was sent."""
    until, replaced = notice.facts.get("until"), notice.facts.get("instead_of")
    in_time = until is None or now() < datetime.fromisoformat(until)
    replaces = replaced is None or session.get(TeamNotice, replaced) is not None
    return in_time and replaces and (notice.line is None or notice.line in lines_read_by(session, notice.member))


def _mail(notice: TeamNotice, words: Worded) -> Mail:
    text, html = text_of(words.body), html_of(words.body, words.language)
    message_id = f"<notice-{notice.id}@portline>"
    return Mail(notice.member.user.email, words.title, text, html, message_id=message_id, brand=words.body.brand)


def _note(session: Session, notice_id: int, channel_id: int, trouble: Trouble | None) -> bool:
    """Note how it went, and have the next notice delivered. True if the channel is to be tried again later."""
    channel = session.get(TeamChannel, channel_id, with_for_update=True)
    if channel is None:
        return False
    if trouble is Trouble.GONE:
        _forget(session, channel)
        return False
    channel.trouble, channel.failures = trouble or "", channel.failures + 1 if trouble else 0
    if trouble is None:
        channel.worked_at = now()
        _sent(session, notice_id)
        deliver_to_channel.defer_once(session, channel_id=channel_id)
    elif channel.failures >= TRIES or trouble in _FOR_GOOD:
        _switch_off(session, channel)
    return trouble is not None and channel.off_at is None


def _sent(session: Session, notice_id: int) -> None:
    session.execute(update(TeamNotice).where(TeamNotice.id == notice_id).values(sent_at=now()))


def _switch_off(session: Session, channel: TeamChannel) -> None:
    """Use a channel no more until its member turns it on again, and tell them so by e-mail."""
    channel.off_at = now()
    _notify_off(session, channel, channel.off_at)


def _forget(session: Session, channel: TeamChannel) -> None:
    """Delete a browser that wants no more notices, and tell its member by e-mail, with what waited for it."""
    _notify_off(session, channel, now())
    mailed = aliased(TeamNotice)
    theirs = (mailed.member_id == TeamNotice.member_id, mailed.channel_id.is_(None))
    same = (mailed.event == TeamNotice.event, mailed.reference == TeamNotice.reference)
    unsent = (TeamNotice.channel_id == channel.id, TeamNotice.sent_at.is_(None))
    waiting = (*unsent, TeamNotice.event.not_in(_NEVER_MAILED))
    by_mail = update(TeamNotice).where(*waiting, ~exists().where(*theirs, *same)).values(channel_id=None)
    session.execute(by_mail, execution_options={"synchronize_session": False})
    session.delete(channel)


def _notify_off(session: Session, channel: TeamChannel, at: datetime) -> None:
    facts = {"service": channel.name, "at": at.isoformat()}
    reference = f"channel:{channel.id}:{at.isoformat()}"
    off = TeamEvent.CHANNEL_OFF
    session.add(TeamNotice(member_id=channel.member_id, event=off, reference=reference, facts=facts))
    session.flush()
    deliver_soon(session, channel.member_id, None)
