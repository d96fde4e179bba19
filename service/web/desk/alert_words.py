"""What an alert means, as our own staff read it; what to do about each stands in `docs/operating.md`."""

from dataclasses import dataclass
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from service.alerts import Alert
from service.porting.models import CarrierOrder, PortNumber
from service.web.shell.words import phone

ALERTS: Final = {
    "puzzling_fact": "A carrier said something unexpected",
    "move_not_ready": "A move is near, and something of ours is missing",
    "half_port": "Some networks still send calls to the old operator",
    "snapback_wanted": "A customer wants a number sent back",
    "look_at_port": "It arrived, or was too late to stop, although it was cancelled",
    "port_needs_staff": "Only we can mend the rejection",
    "correction_needs_staff": "A correction has to be sent by hand",
    "cancel_needs_staff": "It has to be cancelled by hand",
    "order_unknown_at_carrier": "The carrier does not know an order of ours",
    "number_of_another_order": "The carrier counts a number to another order",
    "callback_for_unknown_order": "A callback names an order that is not ours",
    "callback_unfamiliar": "A callback of an unknown kind",
    "callback_unread": "A callback could not be read",
    "port_silent": "Nothing was heard of a number for too long",
    "carrier_silent": "A carrier does not answer",
    "lane_stuck": "Work that was due is not done",
    "books_differ": "Our books and the carrier’s differ",
    "callbacks_missed": "Callbacks did not come",
    "call_not_taken_in": "A missed call is in no conversation",
    "text_not_taken_in": "A text is in no conversation",
    "callbacks_point_elsewhere": "The carrier’s callbacks go elsewhere",
    "cutover_stuck": "A number arrived and is not set up",
    "carrier_trouble": "Something at a carrier goes on failing",
    "effect_parked": "It is unclear whether something was done at a carrier",
    "purchase_cap_reached": "No more numbers may be bought",
    "no_number_for_sale": "There is no number for a new customer",
    "message_not_worded": "A message to a customer could not be written",
    "nobody_to_tell": "A customer cannot be reached",
    "mail_refused": "An address takes no mail",
    "text_undelivered": "A text did not arrive",
    "text_to_platform": "Somebody answered one of our notices",
}
"""By the alert's kind."""


@dataclass(frozen=True, slots=True)
class About:
    """What an alert is about; `project` is the public id of its port, "" where it is about none."""

    name: str
    project: str = ""

    @property
    def link(self) -> str:
        """Path of the page of the move, "" where there is none."""
        return url_for("move.show", public_id=self.project) if self.project else ""


def about(session: Session, matter: Alert) -> About:
    """A number or order by its own name, anything else as it was noted."""
    what, _, key = matter.about.partition(":")
    if what == "port_number" and key.isdigit() and (number := session.get(PortNumber, int(key))):
        return About(phone(number.number), number.project.public_id)
    if what == "order" and key.isdigit() and (order := session.get(CarrierOrder, int(key))):
        return About(order.reference, order.attempt.project.public_id)
    return About(matter.about)
