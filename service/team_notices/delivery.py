"""Delivering a notice to its member: by e-mail, or by a service that the apprise library reaches."""

from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyFormat
from sqlalchemy.orm import Session, joinedload

from service.accounts.access import lines_for
from service.notifications.bodies import html_of, text_of
from service.queue import task
from service.services import Mail, Services
from service.team_notices.mentions import without_mentions
from service.team_notices.models import TeamChannel, TeamNotice
from service.team_notices.ssrf import Guard, public_addresses_only
from service.team_notices.urls import service_at
from service.team_notices.wording import Worded, worded
from service.time import now

TIMEOUT: Final = 5.0
"""Seconds that a service may take to connect, and to answer."""


class Trouble(StrEnum):
    """Why a channel does not work, for the member whose channel it is."""

    NOT_REACHED = "not_reached"
    PRIVATE = "private"
    NOT_UNDERSTOOD = "not_understood"


class NotDelivered(Exception):
    """A channel did not take a notice, which is tried again. Names no channel, as its URL is a secret."""


@task
def deliver(services: Services, *, notice_id: int) -> None:
    """Deliver one notice: once, unless the process is killed in between. A failure is tried again for about two hours.

    Raises:
        NotDelivered: it did not get through now.
        OSError: the mail server did not take it now.
    """
    with services.sessions() as session:
        notice = session.get(
            TeamNotice, notice_id, options=[joinedload(TeamNotice.channel), joinedload(TeamNotice.line)]
        )
        if notice is None or notice.sent_at or not _still_theirs(session, notice):
            return
        words = worded(notice, services.settings.public_base_url)
        recipient = notice.member.user.email
    if notice.channel is None:
        services.mailer.send(_mail(notice, recipient, words))
        _note(services, notice, None)
        return
    trouble = _reach(services, notice.channel, words)
    _note(services, notice, trouble)
    if trouble is Trouble.NOT_REACHED:
        raise NotDelivered


def _still_theirs(session: Session, notice: TeamNotice) -> bool:
    return notice.line is None or notice.line in lines_for(session, notice.member)


def _mail(notice: TeamNotice, recipient: str, words: Worded) -> Mail:
    text, html = text_of(words.body), html_of(words.body, words.language)
    return Mail(recipient, words.title, text, html, message_id=f"<notice-{notice.id}@portline>")


def _reach(services: Services, channel: TeamChannel, words: Worded) -> Trouble | None:
    """Hand the words to the service that the channel's URL names. Returns why it failed, or None."""
    service = service_at(channel.url)
    if service is None:
        return Trouble.NOT_UNDERSTOOD
    service.socket_connect_timeout = service.socket_read_timeout = TIMEOUT
    service.retry = 0  # the queue tries again, and its lane is free meanwhile
    reached = Apprise(service, asset=AppriseAsset(async_mode=False))
    guard = nullcontext(Guard()) if services.settings.notices_into_private_networks else public_addresses_only()
    with guard as watch:
        text = without_mentions(text_of(replace(words.body, link="", footer="")))
        body = f"{text}\n\n{words.body.step}: {words.body.link}"
        taken = reached.notify(body=body, title=without_mentions(words.title), body_format=NotifyFormat.TEXT)
    if watch.refused:
        return Trouble.PRIVATE
    return None if taken else Trouble.NOT_REACHED


def _note(services: Services, notice: TeamNotice, trouble: Trouble | None) -> None:
    with services.sessions.begin() as session:
        kept = session.get(TeamNotice, notice.id)
        if kept is None:
            return
        if trouble is None:
            kept.sent_at = now()
        if kept.channel:
            kept.channel.trouble = trouble or ""
            kept.channel.worked_at = kept.channel.worked_at if trouble else now()
