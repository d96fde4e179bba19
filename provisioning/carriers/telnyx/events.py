"""Reads the carrier's events, which are JSON: about ports, texts and registrations.

Each comes in one of two envelopes: {"data": {"event_type", "payload", …}, "meta"}, or flat, without "data".
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import json
from collections.abc import Callable, Mapping

from provisioning.carriers.telnyx.json_parts import Json, as_object, first, id_of, moment, objects_of, text_of
from provisioning.carriers.telnyx.vocabulary import MESSAGE_STATUSES, trouble
from provisioning.contract.callbacks import (
    Event,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
    RegistrationChanged,
    Subject,
    Unfamiliar,
)

OPT_OUT_WORDS = frozenset({"stop", "start", "help"})
TOLD_TO_US = "webhook_delivered"
LONGEST_WORD = 60


def read_event(subject: Subject, body: bytes) -> tuple[Event, ...]:
    """Read an event. One that does not belong to the subject is `Unfamiliar`; of some we need nothing.

    Raises `KeyError` or `ValueError` where a required part is missing or wrong.
    """
    found = as_object(json.loads(body))
    event = as_object(found.get("data", found))
    event_type = text_of(event, "event_type")
    read = READERS[subject].get(event_type)
    if read is None and subject is Subject.REGISTRATION:
        return (RegistrationChanged(""),)  # its address names what to ask about
    if read is None:
        return (Unfamiliar(f"{subject} event {event_type[:LONGEST_WORD]!r}"),)
    return read(as_object(event["payload"]))


def _changed(payload: Json) -> tuple[Event, ...]:
    return (OrderChanged(id_of(payload, "id")),)


def _commented(payload: Json) -> tuple[Event, ...]:
    return (OrderChanged(id_of(payload, "porting_order_id")),)


def _split(payload: Json) -> tuple[Event, ...]:
    """Some numbers went from one order to another, which may be new: both have changed."""
    return tuple(OrderChanged(id_of(as_object(payload[one]), "id")) for one in ("from", "to"))


def _nothing(payload: Json) -> tuple[Event, ...]:
    return ()


def read_message(payload: Json) -> MessageArrived:
    """Read a text that came in. Raises `KeyError` or `ValueError` where a required part is missing or wrong."""
    opt_out = str(payload.get("autoresponse_type") or "").lower()
    return MessageArrived(
        reference=id_of(payload, "id"),
        sender=text_of(as_object(payload["from"]), "phone_number"),
        recipient=_recipient(payload),
        text=text_of(payload, "text") if payload.get("text") else "",
        media_urls=tuple(text_of(one, "url") for one in objects_of(payload, "media")),
        opt_out=opt_out if opt_out in OPT_OUT_WORDS else "",
        at=moment(payload.get("received_at")),
    )


def _message(payload: Json) -> tuple[Event, ...]:
    return (read_message(payload),)


def _recipient(payload: Json) -> str:
    """Our number among those that the text went to: the one for which we are told."""
    to = objects_of(payload, "to")
    ours = [one for one in to if one.get("status") == TOLD_TO_US]
    return text_of(first(ours or to), "phone_number")


def _progressed(payload: Json) -> tuple[Event, ...]:
    """The status is that of the one recipient, as our texts have no others."""
    to = first(objects_of(payload, "to"))
    word = text_of(to, "status")
    status = MESSAGE_STATUSES.get(word)
    if status is None:
        return (Unfamiliar(f"message status {word[:LONGEST_WORD]!r}"),)
    errors = [trouble(text_of(one, "code")) for one in objects_of(payload, "errors")]
    sender, recipient = text_of(as_object(payload["from"]), "phone_number"), text_of(to, "phone_number")
    return (MessageProgressed(id_of(payload, "id"), status, errors[0] if errors else None, sender, recipient),)


def _registered(name: str) -> Callable[[Json], tuple[Event, ...]]:
    """Reads that a part of a registration has changed, whose id has this name; what became of it is asked."""
    return lambda payload: (RegistrationChanged(id_of(payload, name)),)


READERS: Mapping[Subject, Mapping[str, Callable[[Json], tuple[Event, ...]]]] = {
    Subject.PORTING: {
        "porting_order.status_changed": _changed,
        "porting_order.messaging_changed": _changed,
        "porting_order.deleted": _changed,
        "porting_order.new_comment": _commented,
        "porting_order.split": _split,
        "porting_order.loa_updated": _nothing,
        "porting_order.sharing_token_expired": _nothing,
    },
    Subject.MESSAGE: {"message.received": _message},
    Subject.MESSAGE_STATUS: {"message.sent": _progressed, "message.finalized": _progressed},
    Subject.REGISTRATION: {
        "10dlc.brand.update": _registered("brandId"),
        "10dlc.campaign.update": _registered("campaignId"),
        "10dlc.phone_number.update": _registered("phoneNumber"),
    },
}
