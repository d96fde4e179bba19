"""Records as the control API tells them: plain values, nothing secret."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sandbox.faults import Fault
from sandbox.porting.records import Mail, PortIn
from sandbox.records import Call, Callback, Message, Number, Phone, PhoneText, Service
from sandbox.world import World

Json = dict[str, object]


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def port_in(world: World, told: PortIn) -> Json:
    """A port request with its numbers."""
    return {
        "sid": told.sid,
        "status": told.status,
        "created": moment(told.created),
        "signed_at": moment(told.signed),
        "signature_url": f"{world.exchange.public_url}/sign/{told.signature_key}",
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
            for each in told.numbers
        ],
    }


def message(told: Message) -> Json:
    """A text."""
    return {
        "sid": told.sid,
        "from": told.from_,
        "to": told.to,
        "body": told.body,
        "status": told.status,
        "direction": told.direction,
        "error_code": told.error_code,
        "media": [each.content_type for each in told.media],
        "created": moment(told.created),
    }


def call(told: Call) -> Json:
    """A call, with everything heard in it."""
    return {
        "sid": told.sid,
        "from": told.from_,
        "to": told.to,
        "direction": told.direction,
        "status": told.status,
        "seconds": told.seconds,
        "transcript": told.transcript,
        "recordings": told.recordings,
        "created": moment(told.created),
    }


def phone(told: Phone) -> Json:
    """An outside phone."""
    return {"number": told.number, "answers": told.answers, "texts": [arrived(text) for text in told.texts]}


def arrived(text: PhoneText) -> Json:
    """A text on an outside phone."""
    return {"body": text.body, "from": text.from_, "at": moment(text.at), "media": text.media}


def number(told: Number) -> Json:
    """A number of the account."""
    return {
        "sid": told.sid,
        "account_sid": told.account_sid,
        "phone_number": told.phone_number,
        "friendly_name": told.friendly_name,
        "voice_from": moment(told.voice_from),
        "texts_from": moment(told.texts_from),
        "detours": [{"leg": each.leg, "network": each.network, "until": moment(each.until)} for each in told.detours],
        "settings": {name: value for name, value in told.settings.items() if value},
    }


def service(told: Service) -> Json:
    """A messaging service."""
    return {"sid": told.sid, "friendly_name": told.friendly_name, "campaign": told.campaign, "pool": list(told.pool)}


def mail(told: Mail) -> Json:
    """A signature e-mail."""
    return {
        "to": told.to,
        "subject": told.subject,
        "port_in": told.port_in,
        "url": told.url,
        "sent_at": moment(told.sent_at),
    }


def callback(told: Callback) -> Json:
    """A callback and what became of it, without its content."""
    return {
        "sid": told.sid,
        "url": told.url,
        "path": urlsplit(told.url).path,
        "method": told.method,
        "kind": "form" if told.json_body is None else "json",
        "created": moment(told.created),
        "sent": moment(told.sent),
        "fate": told.fate,
    }


def fault(told: Fault) -> Json:
    """A fault that is switched on."""
    return {
        "kind": told.kind,
        "rate": told.rate,
        "count": told.count,
        "path": told.path,
        "seconds": told.seconds,
        "until": moment(told.until),
        "status": told.status,
        "struck": told.struck,
    }


def clock(world: World) -> Json:
    """What the clock shows."""
    return {"now": moment(world.clock.now()), "speed": world.clock.speed}
