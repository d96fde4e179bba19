"""Bringing a notice to its person: by e-mail, or by whatever the apprise library reaches."""

from contextlib import nullcontext
from enum import StrEnum
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyFormat
from sqlalchemy.orm import Session, joinedload

from service.accounts.access import lines_for
from service.queue import task
from service.services import Mail, Services
from service.team.mentions import without_mentions
from service.team.models import Notice, Way
from service.team.outside import Watch, only_outside
from service.team.urls import understood
from service.team.words import Worded, worded
from service.time import now

TIMEOUT: Final = 5.0
"""Seconds that a service may take to connect, and to answer."""


class Trouble(StrEnum):
    """Why a way does not work, for the person whose way it is."""

    NOT_REACHED = "not_reached"
    PRIVATE = "private"
    NOT_UNDERSTOOD = "not_understood"


class NotDelivered(Exception):
    """A way did not take a notice; it is tried again. Tells nothing of the way, whose URL is a secret."""


@task
def deliver(services: Services, *, notice_id: int) -> None:
    """Deliver one notice, once unless we die in between. What fails is tried again, for about two hours.

    Raises:
        NotDelivered: it did not get through now.
        OSError: the mail server did not take it now.
    """
    with services.sessions() as session:
        notice = session.get(Notice, notice_id, options=[joinedload(Notice.way), joinedload(Notice.line)])
        if notice is None or notice.sent_at or not _still_theirs(session, notice):
            return
        words = worded(notice, services.settings.public_base_url)
        recipient = notice.member.user.email
    if notice.way is None:
        services.mailer.send(_mail(notice, recipient, words))
        _note(services, notice, None)
        return
    trouble = _reach(services, notice.way, words)
    _note(services, notice, trouble)
    if trouble is Trouble.NOT_REACHED:
        raise NotDelivered


def _still_theirs(session: Session, notice: Notice) -> bool:
    return notice.line is None or notice.line in lines_for(session, notice.member)


def _mail(notice: Notice, recipient: str, words: Worded) -> Mail:
    text = f"{words.text}\n\n{words.step}: {words.link}\n\n--\n{words.footer}\n"
    return Mail(recipient, words.title, text, words.html, message_id=f"<notice-{notice.id}@portline>")


def _reach(services: Services, way: Way, words: Worded) -> Trouble | None:
    """Hand the words to the service that the way's URL names; what is wrong, or None."""
    service = understood(way.url)
    if service is None:
        return Trouble.NOT_UNDERSTOOD
    service.socket_connect_timeout = service.socket_read_timeout = TIMEOUT
    service.retry = 0  # we try again ourselves, and hold up nobody meanwhile
    reached = Apprise(service, asset=AppriseAsset(async_mode=False))
    guard = nullcontext(Watch()) if services.settings.notices_into_private_networks else only_outside()
    with guard as watch:
        body = f"{without_mentions(words.text)}\n{words.step}: {words.link}"
        taken = reached.notify(body=body, title=without_mentions(words.title), body_format=NotifyFormat.TEXT)
    if watch.refused:
        return Trouble.PRIVATE
    return None if taken else Trouble.NOT_REACHED


def _note(services: Services, notice: Notice, trouble: Trouble | None) -> None:
    with services.sessions.begin() as session:
        told = session.get(Notice, notice.id)
        if told is None:
            return
        if trouble is None:
            told.sent_at = now()
        if told.way:
            told.way.trouble = trouble or ""
            told.way.worked_at = told.way.worked_at if trouble else now()
