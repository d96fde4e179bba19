"""Notifying customers: one row for each notice and channel, worded when it is owed, sent once by the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.brands import brand_of_workspace
from service.language import Language
from service.ledger.ledger import owe
from service.ledger.models import EntryKind
from service.ledger.restorations import forgotten_since
from service.notifications.facts import Matter, Notice, facts_of
from service.notifications.models import Channel, Notification
from service.notifications.wording import Unwordable, word
from service.optouts import stopped
from service.proven_numbers import is_proven
from service.services import Services

SENDING: Final[Mapping[Channel, EntryKind]] = {
    Channel.SMS: EntryKind.SEND_TEXT,
    Channel.EMAIL: EntryKind.SEND_MAIL,
}
"""The kind of ledger entry by which each channel sends; `service/handlers.py:PERFORMERS` has what performs it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is notified about a project, or without one about the workspace.

    By text at `number` (E.164) and by `email`, "" where there is none. Texts are spent by the workspace, and go only to
    a number that it has shown to be its own.
    """

    project_id: int | None
    workspace_id: int
    language: Language
    number: str
    email: str


def notify(
    session: Session, services: Services, recipient: Recipient, about: Matter, notice: Notice, version: str
) -> None:
    """Owe a notice to its recipient over every channel that reaches them, once for each `version` of its kind.

    Raises nothing for a notice that cannot be worded or that no channel carries: what it is about stands, and an
    operator gets an alert.
    """
    project_id, workspace_id = recipient.project_id, recipient.workspace_id
    matter = f"port_project:{project_id}" if project_id else f"workspace:{workspace_id}"
    about = replace(about, brand=brand_of_workspace(session, services.settings, workspace_id).name)
    try:
        rows = [
            _row(recipient, about, notice, version, channel) | {"recipient": address}
            for channel, address in _channels(session, services, recipient)
        ]
    except Unwordable as error:
        alert(session, AlertKind.MESSAGE_NOT_WORDED, f"{matter}:{notice.kind}", why=str(error))
        return
    if not rows:
        alert(session, AlertKind.NO_CONTACT, matter, notice=notice.kind)
    for row in rows:
        _owe_once(session, row)


def _channels(session: Session, services: Services, recipient: Recipient) -> Iterator[tuple[Channel, str]]:
    if services.settings.platform_number and _takes_texts(session, recipient):
        yield Channel.SMS, recipient.number
    if recipient.email:
        yield Channel.EMAIL, recipient.email


def _takes_texts(session: Session, recipient: Recipient) -> bool:
    if not recipient.number or stopped(session, recipient.number):
        return False
    return is_proven(session, recipient.workspace_id, recipient.number)


def _row(recipient: Recipient, about: Matter, notice: Notice, version: str, channel: Channel) -> dict[str, Any]:
    return {
        "project_id": recipient.project_id,
        "workspace_id": recipient.workspace_id,
        "kind": notice.kind,
        "version": version,
        "channel": channel,
        "language": recipient.language,
        "facts": facts_of(about, notice),
        "words": asdict(word(about, notice, channel, recipient.language)),
    }


def _owe_once(session: Session, row: Mapping[str, Any]) -> None:
    fresh = session.scalar(insert(Notification).values(row).on_conflict_do_nothing().returning(Notification.id))
    if fresh is not None:
        owe(session, SENDING[row["channel"]], fresh, look_since=forgotten_since(session))
