"""Tells the operators of alerts: one message for each kind of them, however many there are.

The clock process does it, since the worker may be what stopped. What could be handed to nobody is tried again at the
next tick; if the process dies in between, a message may come twice.
"""

import logging
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update

from service.alerting.messages import Message, message_about
from service.alerts import Alert
from service.services import Services
from service.team_notices.handing_over import Handover, hand_over
from service.team_notices.urls import service_at
from service.time import now

log = logging.getLogger(__name__)

GATHERED: Final = timedelta(minutes=15)
"""After a message about a kind, for so long what comes of that kind is gathered for the next."""

MOST: Final = 1000
"""The oldest alerts that are told of at one time."""


def notify_operators(services: Services) -> None:
    """Tell the addresses of `ALERTS_TO` of the alerts that were not told and that no operator has seen."""
    if not services.settings.alerts_to:
        return
    began = now()
    for kind, alerts in _due(services, began).items():
        if _handed_over(services, message_about(kind, alerts, services.settings)):
            _note(services, [alert.id for alert in alerts], began)


def _due(services: Services, at: datetime) -> dict[str, list[Alert]]:
    """The alerts to tell of, by kind; without the kinds of which a message left a short while ago."""
    untold = or_(Alert.told_at.is_(None), Alert.told_at < Alert.made_at)
    lately = select(Alert.kind).where(Alert.told_at > at - GATHERED)
    which: tuple[ColumnElement[bool], ...] = (Alert.seen_at.is_(None), untold, Alert.kind.not_in(lately))
    with services.sessions() as session:
        rows = session.scalars(select(Alert).where(*which).order_by(Alert.kind, Alert.made_at).limit(MOST))
        return {kind: list(alerts) for kind, alerts in groupby(rows, attrgetter("kind"))}


def _handed_over(services: Services, message: Message) -> bool:
    """Whether one address at least took it. One that did not gets the next."""
    taken = [_is_taken(services, message, address) for address in services.settings.alerts_to]
    return any(taken)


def _is_taken(services: Services, message: Message, address: str) -> bool:
    """Hand a message to an e-mail address or to a service. The log names no address: a service's URL is a secret."""
    hand = _served if is_url(address) else _mailed
    trouble = hand(services, message, address)
    if trouble:
        log.warning("operators not told", extra={"kind": message.kind, "trouble": trouble})
    return not trouble


def _mailed(services: Services, message: Message, address: str) -> str:
    try:
        services.mailer.send(message.mail(address))
    except OSError as error:
        return type(error).__name__
    return ""


def _served(services: Services, message: Message, url: str) -> str:
    private = services.settings.notices_into_private_networks
    return hand_over(Handover(url, message.title, message.text, private)) or ""


def is_reachable(address: str) -> bool:
    """Whether an alert could arrive there, as far as can be seen without trying."""
    return service_at(address) is not None if is_url(address) else "@" in address.strip("@")


def is_url(address: str) -> bool:
    """Whether an address is the URL of a service, and not that of a mailbox."""
    return "://" in address


def _note(services: Services, ids: list[int], at: datetime) -> None:
    """What was raised again meanwhile is told again."""
    with services.sessions.begin() as session:
        session.execute(update(Alert).where(Alert.id.in_(ids)).values(told_at=at))
