"""Notifying members of what happens to a transfer, beside its contact, who is notified in any case."""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.lines.models import Line
from service.notifications.facts import Matter, Notice
from service.notifications.models import Channel
from service.notifications.wording import Unwordable, word
from service.team_notices.models import TeamEvent
from service.team_notices.notify import notify_member
from service.time import now


def notify_of_transfer(
    session: Session, lines: Iterable[Line], about: Matter, notice: Notice, version: str, path: str
) -> None:
    """Notify the members who see one of these lines and chose it, once for each `version` of a notice to the contact.

    They read its subject, in their language; `path` is the page of ours that it leads to. A notice that cannot be
    worded is left out: the operators are alerted to it as the contact is notified.
    """
    reference = sha256(f"{path} {notice.kind} {version}".encode()).hexdigest()
    for line in lines:
        for member in members_on(session, line):
            try:
                news = word(about, notice, Channel.EMAIL, member.user.language).subject
            except Unwordable:
                return
            facts = {"news": news, "path": path, "at": now().isoformat()}
            notify_member(session, member, line, TeamEvent.TRANSFER, reference, facts)
