"""Texts in the carrier's log compared with those in our inbox and those we sent to customers as notices.

Rows that must be in the log are read before it, and rows that must cover the log are read after it, so that a text
sent or received meanwhile is no difference.
"""

from collections.abc import Iterator

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Unavailable
from provisioning.contract.messaging import CannotTell, LoggedMessage, MessageStatus
from provisioning.contract.unreadable import Unreadable
from service.arrivals import taken_in
from service.audit.period import Period
from service.cutover.sending_tests import is_sending_test
from service.history.models import ImportedRow
from service.inbox.models import Direction, Message
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import PhoneNumber
from service.notifications.models import Notification
from service.services import Services


def incoming_differences(services: Services, carrier: str, period: Period) -> Iterator[str]:
    """Differences in incoming texts. Texts from a platform number are our own tests of ported numbers."""
    with services.sessions() as session:
        ours = _in_threads(session, carrier, period, Direction.IN)
    listed = services.network(carrier).callbacks.received_messages(period.asked_since)
    log = [text for text in listed if not isinstance(text, Unreadable)]
    with services.sessions() as session:
        known = taken_in(session, [text.reference for text in log])
        received = _numbers(session) | {*services.settings.platform_numbers}
    for text in log:
        settled = text.at is None or text.at <= period.until
        wanted = text.recipient in received and text.sender not in services.settings.platform_numbers
        if settled and wanted and text.reference not in known:
            yield f"Text {text.reference} came in at {carrier} and is in no inbox."
    logged = {text.reference for text in listed}
    yield from (f"Text {one} is in an inbox and never came in at {carrier}." for one in sorted(ours - logged))


def outgoing_differences(services: Services, carrier: str, period: Period) -> Iterator[str]:
    """Differences in outgoing texts: those written in the inbox and notices to customers.

    That the carrier cannot tell which texts left is one, too: nothing was compared.
    """
    with services.sessions() as session:
        ours = _in_threads(session, carrier, period, Direction.OUT)
        ours |= _notices(session, services, carrier, period)
    log = services.network(carrier).messaging.left(period.asked_since)
    if isinstance(log, CannotTell):
        yield f"Texts that left {carrier} were not compared: {log.why}."
        return
    unknown = _strangers(services, log, period)
    yield from (f"Text {text.reference} left {carrier} and is in no row of ours." for text in unknown)
    logged = {text.reference for text in log}
    yield from (f"Text {one} counts as sent and never left {carrier}." for one in sorted(ours - logged))


def strangers(services: Services, carrier: str, period: Period) -> list[LoggedMessage]:
    """Texts that left and are in no row of ours, oldest first.

    Raises `CarrierError`, and of these `Unavailable` while the carrier cannot tell which texts left.
    """
    log = services.network(carrier).messaging.left(period.asked_since)
    if isinstance(log, CannotTell):
        raise Unavailable(f"the carrier cannot tell which texts left: {log.why}")
    return _strangers(services, log, period)


def _strangers(services: Services, log: list[LoggedMessage], period: Period) -> list[LoggedMessage]:
    with services.sessions() as session:
        known = _known(session, [text.reference for text in log])
        tested = _numbers(session)
        settled = [text for text in log if text.at <= period.until and text.reference not in known]
        sending_tests = {text.reference for text in settled if is_sending_test(session, text)}
    return [text for text in settled if text.reference not in sending_tests and not _is_test(services, text, tested)]


def _in_threads(session: Session, carrier: str, period: Period, direction: Direction) -> set[str]:
    """References of messages on numbers of this carrier, without failed ones, which may never have left.

    Nor those that were brought from another service, of which the carrier knows nothing.
    """
    lived = select(PhoneNumber.number).where(PhoneNumber.carrier == carrier)
    texts = select(Message.reference).where(
        Message.direction == direction,
        Message.status.is_distinct_from(MessageStatus.FAILED),
        Message.at.between(period.since, period.until),
        Message.number.in_(lived),
        ~exists().where(ImportedRow.message_id == Message.id),
    )
    return {reference for reference in session.scalars(texts) if reference}


def _notices(session: Session, services: Services, carrier: str, period: Period) -> set[str]:
    """References of the notices that were texted to customers by a carrier, from the ledger."""
    by = Notification.carrier.in_([carrier, ""] if carrier == services.home else [carrier])
    sent = and_(LedgerEntry.kind == EntryKind.SEND_TEXT, LedgerEntry.progress == Progress.DONE)
    arrived = and_(Notification.trouble == "", Notification.sent_at.between(period.since, period.until))
    notified = select(LedgerEntry.reference).join(Notification, Notification.id == LedgerEntry.subject_id)
    return set(session.scalars(notified.where(sent, arrived, by)))


def _known(session: Session, references: list[str]) -> set[str]:
    ours = LedgerEntry.kind.in_([EntryKind.SEND_TEXT, EntryKind.SEND_NUMBER_CODE])
    texts = (ours, LedgerEntry.reference.in_(references))
    return taken_in(session, references) | set(session.scalars(select(LedgerEntry.reference).where(*texts)))


def _numbers(session: Session) -> set[str]:
    return set(session.scalars(select(PhoneNumber.number)))


def _is_test(services: Services, text: LoggedMessage, ours: set[str]) -> bool:
    return text.sender == services.settings.platform_number and text.recipient in ours
