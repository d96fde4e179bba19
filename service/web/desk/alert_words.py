"""Titles of alerts for our staff, and what each is about. `docs/operating.md` says what to do about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import Workspace
from service.alerts import Alert, AlertKind
from service.porting.models import Attempt, CarrierOrder, PortNumber, PortProject
from service.web.shell.words import phone

ALERTS: Final[Mapping[AlertKind, str]] = {
    AlertKind.PUZZLING_FACT: "A carrier said something unexpected",
    AlertKind.MOVE_NOT_READY: "A move is near, and something of ours is missing",
    AlertKind.HALF_PORT: "Some networks still send calls to the old provider",
    AlertKind.SNAPBACK_WANTED: "A customer wants a number sent back",
    AlertKind.NUMBER_STILL_HERE: "A number that was sent back is still at our carrier",
    AlertKind.PORT_OUT_DISPUTED: "A number is being taken away against its customer’s will",
    AlertKind.PORT_OUT_UNREADABLE: "Another provider’s request for a number could not be read",
    AlertKind.NUMBER_LEFT_UNANNOUNCED: "A number left to another provider without notice",
    AlertKind.NUMBERS_MISSING: "Many numbers are missing at a carrier",
    AlertKind.LOOK_AT_PORT: "It arrived, or was too late to stop, although it was canceled",
    AlertKind.PORT_NEEDS_STAFF: "Only we can fix the rejection",
    AlertKind.CORRECTION_NEEDS_STAFF: "A correction has to be sent by hand",
    AlertKind.CANCEL_NEEDS_STAFF: "It has to be canceled by hand",
    AlertKind.CARRIER_COMMENTED: "The carrier’s staff wrote about an order",
    AlertKind.CUSTOMER_WROTE: "A customer wrote about their transfer, or answered a question",
    AlertKind.TEXTS_NOT_PORTED: "Texts to numbers of an order stayed behind",
    AlertKind.ORDER_UNKNOWN_AT_CARRIER: "The carrier does not know an order of ours",
    AlertKind.NUMBER_CLAIMED: "Whose number is it?",
    AlertKind.NUMBER_OF_ANOTHER_ORDER: "The carrier counts a number to another order",
    AlertKind.CALLBACK_FOR_UNKNOWN_ORDER: "A callback names an order that is not ours",
    AlertKind.CALLBACK_UNFAMILIAR: "A callback of an unknown kind",
    AlertKind.CALLBACK_UNREAD: "A callback could not be read",
    AlertKind.PORT_SILENT: "Nothing was heard of a number for too long",
    AlertKind.PORT_SLOW: "A transfer takes longer than nine in ten of its kind",
    AlertKind.CARRIER_SILENT: "A carrier does not answer",
    AlertKind.LANE_STUCK: "Work that was due is not done",
    AlertKind.BOOKS_DIFFER: "Our books and the carrier’s differ",
    AlertKind.DATABASE_RESTORED: "The database was restored from a backup",
    AlertKind.CALLBACKS_MISSED: "Callbacks did not come",
    AlertKind.CALL_NOT_TAKEN_IN: "A missed call is in no conversation",
    AlertKind.TEXT_NOT_TAKEN_IN: "A text is in no conversation",
    AlertKind.CALLBACKS_POINT_ELSEWHERE: "The carrier’s callbacks go elsewhere",
    AlertKind.RING_GROUP_HELD_BACK: "Phones of a group did not ring together",
    AlertKind.CUTOVER_STUCK: "A number arrived and is not set up",
    AlertKind.CARRIER_TROUBLE: "Something at a carrier goes on failing",
    AlertKind.ENTRY_PARKED: "It is unclear whether something was done at a carrier",
    AlertKind.DONE_TWICE: "Something was done twice at a carrier",
    AlertKind.CLOCK_FAR_OFF: "A machine’s clock is off, so it does nothing",
    AlertKind.PURCHASE_CAP_REACHED: "No more numbers may be bought",
    AlertKind.NEWCOMER_WAITS: "A new business waits to be approved",
    AlertKind.SPENDING_CAP_REACHED: "What may be spent on calls and texts is used up",
    AlertKind.NEW_DESTINATION: "A workspace wants to call or text a new country",
    AlertKind.REGISTRATION_NEEDS_STAFF: "Only we can fix a texting registration",
    AlertKind.REGISTRATION_LEFT: "An account was closed, and what it registered costs money on",
    AlertKind.CLOSING_STUCK: "An account that was closed still has a number or a transfer",
    AlertKind.NO_NUMBER_FOR_SALE: "There is no number for a new customer",
    AlertKind.MESSAGE_NOT_WORDED: "A message to a customer could not be written",
    AlertKind.NO_CONTACT: "A customer can’t be reached",
    AlertKind.MAIL_REFUSED: "An address takes no mail",
    AlertKind.TEXT_UNDELIVERED: "A text did not arrive",
    AlertKind.TEXT_TO_PLATFORM: "Someone answered one of our messages",
}
"""Title by alert kind."""


@dataclass(frozen=True, slots=True)
class About:
    """The subject of an alert, and the path of the page about it, or "" if there is none."""

    name: str
    link: str = ""


def subjects(session: Session, alerts: Sequence[Alert]) -> dict[int, About]:
    """Name the number or order of each alert and link the page about it, by the alert's id.

    Other subjects are shown as the alert recorded them.
    """
    recorded = {alert.id: alert.about for alert in alerts}
    known = _numbers(session, _ids(recorded.values(), "port_number"))
    known |= _orders(session, _ids(recorded.values(), "order"))
    known |= _claims(session, _ids(recorded.values(), "port_project"))
    registering = [alert.about for alert in alerts if alert.kind == AlertKind.REGISTRATION_NEEDS_STAFF]
    known |= _registrations(session, _ids(registering, "workspace"))
    return {alert_id: known.get(about, About(about)) for alert_id, about in recorded.items()}


def _ids(recorded: Iterable[str], wanted: str) -> list[int]:
    parts = [about.partition(":") for about in recorded]
    return [int(key) for what, _, key in parts if what == wanted and key.isdigit()]


def _numbers(session: Session, ids: Sequence[int]) -> dict[str, About]:
    rows = select(PortNumber).where(PortNumber.id.in_(ids)).options(joinedload(PortNumber.project))
    return {
        f"port_number:{number.id}": About(phone(number.number), _move(number.project))
        for number in session.scalars(rows)
    }


def _orders(session: Session, ids: Sequence[int]) -> dict[str, About]:
    project = joinedload(CarrierOrder.attempt).joinedload(Attempt.project)
    rows = select(CarrierOrder).where(CarrierOrder.id.in_(ids)).options(project)
    return {
        f"order:{order.id}": About(order.reference, _move(order.attempt.project)) for order in session.scalars(rows)
    }


def _claims(session: Session, ids: Sequence[int]) -> dict[str, About]:
    rows = select(PortProject).where(PortProject.id.in_(ids)).options(joinedload(PortProject.workspace))
    return {
        f"port_project:{one.id}": About(one.workspace.name, url_for("claims.show", public_id=one.public_id))
        for one in session.scalars(rows)
    }


def _registrations(session: Session, ids: Sequence[int]) -> dict[str, About]:
    return {
        f"workspace:{one.id}": About(one.name, url_for("registrations.show", workspace_id=one.id))
        for one in session.scalars(select(Workspace).where(Workspace.id.in_(ids)))
    }


def _move(project: PortProject) -> str:
    return url_for("desk_transfer.show", public_id=project.public_id)
