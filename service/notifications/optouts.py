"""Replies to our own texts: STOP, START, HELP, or something that an operator has to read."""

from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageArrived
from service.alerts import AlertKind, alert
from service.optout_words import Wish, wish_in
from service.optouts import start, stop


def receive(session: Session, event: MessageArrived) -> None:
    """Take in a text to the platform's own number. After STOP, notices go by e-mail only, until START.

    Carriers answer the three keywords themselves, so nothing is sent back. Any other text may be a question: an
    operator gets an alert with its reference.
    """
    match wish_in(event.text, event.opt_out):
        case Wish.STOP:
            stop(session, event.sender, at=event.at)
        case Wish.START:
            start(session, event.sender, at=event.at)
        case Wish.HELP:
            pass
        case None:
            alert(session, AlertKind.TEXT_TO_PLATFORM, f"message:{event.reference}")
