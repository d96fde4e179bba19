"""Records as the control API shows them: plain JSON values without secrets."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sandbox.calls.records import Call
from sandbox.calls.switch import CLIENT
from sandbox.faults import Fault
from sandbox.porting.records import Mail, PortIn, PortOut
from sandbox.records import Callback, Message, Number, Phone, PhoneText, Service
from sandbox.telnyx.records import Kept, PortOrder
from sandbox.telnyx.ten_dlc import STATUS_FIELD
from sandbox.world import World

Json = dict[str, object]


def moment(at: datetime | None) -> str | None:
    """A moment in ISO 8601, UTC, or None."""
    return None if at is None else at.astimezone(UTC).isoformat()


def port_in(world: World, record: PortIn) -> Json:
    """A port request with its numbers."""
    return {
        "sid": record.sid,
        "status": record.status,
        "created": moment(record.created),
        "signed_at": moment(record.signed),
        "signature_url": f"{world.exchange.public_url}/sign/{record.signature_key}",
        "numbers": [
            {
                "number": each.phone_number,
                "sid": each.sid,
                "status": each.status,
                "portable": each.not_portable_code is None,
                "port_date": moment(each.port_date),
                "rejection_code": each.rejection_code,
                "pn_sid": held.sid if (held := world.inventory.held(each.phone_number)) else None,
            }
            for each in record.numbers
        ],
    }


def port_order(record: PortOrder) -> Json:
    """A porting order of the second carrier."""
    return {
        "sid": record.sid,
        "status": record.status,
        "codes": record.codes,
        "created": moment(record.created),
        "foc": moment(record.foc),
        "texts": record.texts,
        "numbers": record.numbers,
        "comments": [each.body for each in record.comments],
    }


def registration(record: Kept) -> Json:
    """A brand, a campaign or a toll-free verification of the second carrier."""
    return {"sid": record.sid, "kind": record.kind, "status": record.fields[STATUS_FIELD[record.kind]]}


def message(record: Message) -> Json:
    """A text."""
    return {
        "sid": record.sid,
        "from": record.from_,
        "to": record.to,
        "body": record.body,
        "status": record.status,
        "direction": record.direction,
        "error_code": record.error_code,
        "media": [each.content_type for each in record.media],
        "created": moment(record.created),
    }


def call(record: Call) -> Json:
    """A call with its transcript."""
    return {
        "sid": record.sid,
        "from": record.from_,
        "to": record.to,
        "direction": record.direction,
        "status": record.status,
        "seconds": record.seconds,
        "transcript": record.transcript,
        "recordings": record.recordings,
        "created": moment(record.created),
    }


def page_call(record: Call) -> Json:
    """A call at a browser, as the gateway needs it."""
    return {
        "sid": record.sid,
        "identity": record.to.removeprefix(CLIENT),
        "from_": record.from_,
        "to": record.to,
        "parameters": record.orders.get("parameters", ""),
        "answered": record.started is not None,
        "talks": record.stay is not None and record.stay.talks,
    }


def phone(record: Phone) -> Json:
    """An outside phone."""
    return {"number": record.number, "answers": record.answers, "texts": [arrived(text) for text in record.texts]}


def arrived(text: PhoneText) -> Json:
    """A text on an outside phone."""
    return {"body": text.body, "from": text.from_, "at": moment(text.at), "media": text.media}


def number(record: Number) -> Json:
    """A number of the account."""
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "phone_number": record.phone_number,
        "friendly_name": record.friendly_name,
        "voice_from": moment(record.voice_from),
        "texts_from": moment(record.texts_from),
        "detours": [{"leg": each.leg, "network": each.network, "until": moment(each.until)} for each in record.detours],
        "settings": {name: value for name, value in record.settings.items() if value},
    }


def port_out(record: PortOut) -> Json:
    """A port away."""
    return {
        "number": record.phone_number,
        "operator": record.operator,
        "status": record.status,
        "asked": moment(record.asked),
    }


def service(record: Service) -> Json:
    """A messaging service."""
    return {
        "sid": record.sid,
        "friendly_name": record.friendly_name,
        "campaign": record.campaign.status if record.campaign else None,
        "registrations": dict(record.registrations),
        "pool": list(record.pool),
    }


def mail(record: Mail) -> Json:
    """An e-mail that asks for a signature."""
    return {
        "to": record.to,
        "subject": record.subject,
        "port_in": record.port_in,
        "url": record.url,
        "sent_at": moment(record.sent_at),
    }


def callback(record: Callback) -> Json:
    """A callback and its result, without its content."""
    return {
        "sid": record.sid,
        "url": record.url,
        "path": urlsplit(record.url).path,
        "method": record.method,
        "kind": "form" if record.json_body is None else "json",
        "created": moment(record.created),
        "sent": moment(record.sent),
        "fate": record.fate,
    }


def fault(record: Fault) -> Json:
    """A fault that is switched on."""
    return {
        "kind": record.kind,
        "rate": record.rate,
        "count": record.count,
        "path": record.path,
        "seconds": record.seconds,
        "until": moment(record.until),
        "status": record.status,
        "struck": record.struck,
    }


def clock(world: World) -> Json:
    """What the clock shows."""
    return {"now": moment(world.clock.now()), "speed": world.clock.speed}
