"""Mail, through whatever post the settings name."""

import smtplib
from email.utils import parseaddr
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Refused, Unavailable
from service.alerts import alert
from service.ledger.models import LedgerEntry
from service.notifications.diary import calendar_of
from service.notifications.models import Notification
from service.notifications.speech import Speaker
from service.services import Mail, Services
from service.time import now

# SMTP: 5yz is for good, 4yz is for now (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1)
_FOR_GOOD: Final = 500


class Mailing:
    """Sends the mail of a notification. Sent twice, it shows up once: the Message-ID stays the same."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Notification:
        """The frozen words."""
        return session.get_one(Notification, entry.subject_id)

    def call(self, services: Services, entry: LedgerEntry, prepared: Notification) -> str:
        """Hand the letter to the post; the tag is in its Message-ID."""
        try:
            services.post.send(_mail(entry, prepared, services.settings.mail_from))
        except OSError as error:
            raise _neutral(error) from error
        return entry.tag

    def look(self, services: Services, entry: LedgerEntry, prepared: Notification) -> str | None:
        """Mail cannot be looked up, and need not be: the same Message-ID again does no harm."""
        return None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Note when it went out."""
        session.get_one(Notification, entry.subject_id).sent_at = now()

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """An address that takes no mail: after mail nothing follows, so a person has to look."""
        told = session.get_one(Notification, entry.subject_id)
        told.trouble = "refused"
        alert(session, "mail_refused", f"notification:{told.id}", message=told.message)


def _mail(entry: LedgerEntry, told: Notification, sender: str) -> Mail:
    speaker = Speaker(told.language, ZoneInfo(told.facts["zone"]))
    domain = parseaddr(sender)[1].partition("@")[2]
    return Mail(
        to=told.recipient,
        subject=told.words["subject"],
        text=told.words["text"],
        html=told.words["html"],
        message_id=f"<{entry.tag}@{domain}>",
        calendar=calendar_of(told, speaker),
    )


def _neutral(error: OSError) -> CarrierError:
    """The post's errors in the contract's words; the server's own sentence may hold an address and is left out.

    Only an answer about this letter or its recipient can be a refusal; anything else the server objects to is ours
    to mend, and the letter waits.
    """
    name = type(error).__name__
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _answered(name, max(code for code, _ in error.recipients.values()))
        case smtplib.SMTPDataError():
            return _answered(name, error.smtp_code)
        case smtplib.SMTPResponseException() | smtplib.SMTPNotSupportedError():
            return Unavailable(name, not_made=True)
        case _:
            return Unavailable(name)


def _answered(name: str, code: int) -> CarrierError:
    return Refused(name, code=str(code)) if code >= _FOR_GOOD else Unavailable(name, not_made=True)
