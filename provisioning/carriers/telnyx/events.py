"""Reads the carrier's events, which are JSON: about ports, texts and registrations.

Each comes in one of two envelopes: {"data": {"event_type", "payload", …}, "meta"}, or flat, without "data".
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

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

Json = dict[str, Any]

IDENTIFIER = re.compile(r"[0-9A-Za-z+_-]{1,64}")
OPT_OUT_WORDS = frozenset({"stop", "start", "help"})
TOLD_TO_US = "webhook_delivered"
LONGEST_WORD = 60


def read_event(subject: Subject, body: bytes) -> tuple[Event, ...]:
    """Read an event. One that does not belong to the subject is `Unfamiliar`; of some we need nothing.

    Raises `KeyError` or `ValueError` where a required part is missing or wrong.
    """
    found = _object(json.loads(body))
    event = _object(found.get("data", found))
    event_type = _text(event, "event_type")
    read = READERS[subject].get(event_type)
    if read is None:
        return (Unfamiliar(f"{subject} event {event_type[:LONGEST_WORD]!r}"),)
    return read(_object(event["payload"]))


def _changed(payload: Json) -> tuple[Event, ...]:
    return (OrderChanged(_id(payload, "id")),)


def _commented(payload: Json) -> tuple[Event, ...]:
    return (OrderChanged(_id(payload, "porting_order_id")),)


def _split(payload: Json) -> tuple[Event, ...]:
    """Some numbers went from one order to another, which may be new: both have changed."""
    return tuple(OrderChanged(_id(_object(payload[one]), "id")) for one in ("from", "to"))


def _nothing(payload: Json) -> tuple[Event, ...]:
    return ()


def _message(payload: Json) -> tuple[Event, ...]:
    opt_out = str(payload.get("autoresponse_type") or "").lower()
    return (
        MessageArrived(
            reference=_id(payload, "id"),
            sender=_text(_object(payload["from"]), "phone_number"),
            recipient=_recipient(payload),
            text=_text(payload, "text") if payload.get("text") else "",
            media_urls=tuple(_text(_object(one), "url") for one in _list(payload, "media")),
            opt_out=opt_out if opt_out in OPT_OUT_WORDS else "",
            at=_time(payload.get("received_at")),
        ),
    )


def _recipient(payload: Json) -> str:
    """Our number among those that the text went to: the one for which we are told."""
    to = [_object(one) for one in _list(payload, "to")]
    ours = [one for one in to if one.get("status") == TOLD_TO_US]
    return _text(_first(ours or to), "phone_number")


def _progressed(payload: Json) -> tuple[Event, ...]:
    """The status is that of the one recipient, as our texts have no others."""
    to = _object(_first(_list(payload, "to")))
    word = _text(to, "status")
    status = MESSAGE_STATUSES.get(word)
    if status is None:
        return (Unfamiliar(f"message status {word[:LONGEST_WORD]!r}"),)
    errors = [trouble(_text(_object(one), "code")) for one in _list(payload, "errors")]
    sender, recipient = _text(_object(payload["from"]), "phone_number"), _text(to, "phone_number")
    return (MessageProgressed(_id(payload, "id"), status, errors[0] if errors else None, sender, recipient),)


def _registered(name: str) -> Callable[[Json], tuple[Event, ...]]:
    """Reads that a part of a registration has changed, whose id has this name; what became of it is asked."""
    return lambda payload: (RegistrationChanged(_id(payload, name)),)


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


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - an unreadable body, not a wrong argument
    return value


def _list(found: Json, name: str) -> list[Any]:
    value = found.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")  # noqa: TRY004
    return value


def _first(values: list[Any]) -> Any:  # noqa: ANN401 - of an unread body
    if not values:
        raise ValueError("an empty list")
    return values[0]


def _text(found: Json, name: str) -> str:
    """A text. NUL is left out and half a character replaced, as PostgreSQL keeps neither."""
    value = found[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004
    return value.replace("\0", "").encode(errors="replace").decode()


def _id(found: Json, name: str) -> str:
    value = _text(found, name)
    if not IDENTIFIER.fullmatch(value):
        raise ValueError(f"{name} is no id")
    return value


def _time(written: object) -> datetime | None:
    """A time in any of the carrier's spellings, in UTC where it names no zone; None for one that is none."""
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
