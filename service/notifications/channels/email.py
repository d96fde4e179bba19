"""E-mail, through the mail server that the settings name."""

import smtplib
from email.utils import parseaddr
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from provisioning import deadline
from provisioning.contract.errors import CarrierError, Refused, Unavailable
from service.alerts import AlertKind, alert
from service.ledger.models import LedgerEntry
from service.ledger.performer import Performer
from service.notifications.calendar import calendar_of
from service.notifications.models import Notification
from service.notifications.speech import Speaker
from service.services import Mail, Services
from service.time import now

# SMTP: 5yz is for good, 4yz is for now (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1)
_FOR_GOOD: Final = 500


class Mailing(Performer[Notification]):
    """Sends the e-mail of a notification. One that is sent twice shows up once, as its Message-ID is the same."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Notification:
        """The words kept in the row."""
        return session.get_one(Notification, entry.subject_id)

    def call(self, services: Services, entry: LedgerEntry, prepared: Notification) -> str:
        """Hand the e-mail to the mail server, with the tag in its Message-ID."""
        deadline.insist()
        try:
            services.mailer.send(_mail(entry, prepared, services.settings.mail_from))
        except OSError as error:
            raise _neutral(error) from error
        return entry.tag

    def look(self, services: Services, entry: LedgerEntry, prepared: Notification) -> str | None:
        """E-mail cannot be looked up; sending the same Message-ID again does no harm."""
        return None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Note when it was sent."""
        session.get_one(Notification, entry.subject_id).sent_at = now()

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Alert an operator to an address that takes no mail: there is no other channel left."""
        notification = session.get_one(Notification, entry.subject_id)
        notification.trouble = "refused"
        alert(session, AlertKind.MAIL_REFUSED, f"notification:{notification.id}", notice=notification.kind)


def _mail(entry: LedgerEntry, notification: Notification, sender: str) -> Mail:
    speaker = Speaker(notification.language, ZoneInfo(notification.facts["zone"]))
    domain = parseaddr(sender)[1].partition("@")[2]
    return Mail(
        to=notification.recipient,
        subject=notification.words["subject"],
        text=notification.words["text"],
        html=notification.words["html"],
        message_id=f"<{entry.tag}@{domain}>",
        calendar=calendar_of(notification, speaker),
        brand=notification.facts.get("brand", ""),
    )


def _neutral(error: OSError) -> CarrierError:
    """A mail server's error as one of the contract. The server's own sentence may hold an address and is left out.

    Only an answer about this e-mail or its recipient is a refusal; anything else is ours to correct, and the e-mail
    waits.
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
