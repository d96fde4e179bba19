"""`/messages`: texts are sent and looked up, for ten days. They cannot be listed."""

from datetime import UTC, datetime, timedelta

from flask import request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Message, Service
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import address, json_object, text, texts
from sandbox.telnyx.errors import OF_THE_WORLD, Denied, Json, Problem, invalid, not_found
from sandbox.telnyx.owned import owned_profile
from sandbox.telnyx.text_events import receiver
from sandbox.texting.outbound import Text

messages = guarded("messages")
FIELDS = (
    "to",
    "from",
    "messaging_profile_id",
    "text",
    "subject",
    "media_urls",
    "type",
    "webhook_url",
    "webhook_failover_url",
    "use_profile_webhooks",
    "auto_detect",
    "send_at",
    "encoding",
)
KEPT = timedelta(days=10)
NO_SENDER = "40305"
WANTS_NONE = 21610


@messages.post("/messages")
def send() -> Json:
    """Send a text: 200 with its first status. A repeated `Idempotency-Key` is answered with the text that it made."""
    body = json_object(FIELDS, ["to"])
    key, world = request.headers.get("Idempotency-Key", ""), the_world()
    before = world.state.messages.get(world.state.message_keys.get(key, ""))
    message = before or _sent(_wanted(body))
    if key:
        with world.exchange.changing() as state:
            state.message_keys[key] = message.sid
    return {"data": world.text_events.resource(message)}


@messages.get("/messages/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one text, in either direction."""
    return {"data": the_world().text_events.resource(_own(sid))}


@messages.delete("/messages/<sid>")
def cancel(sid: str) -> Json:
    """Cancel a text that is planned for later. Its answer alone has no `data`."""
    message, world = _own(sid), the_world()
    with world.exchange.changing():
        world.outbound.cancel(message)
    return world.text_events.resource(message) | {"to": [receiver(message, "cancelled")]}


def _sent(wanted: Text) -> Message:
    """Send a text. With which status one to a person who wants none is refused, is not documented."""
    try:
        return the_world().outbound.send(wanted)
    except Refusal as refusal:
        if refusal.code != WANTS_NONE:
            raise
        status = 403 if the_world().state.unproved.opt_outs_forbid else 409
        raise Denied(Problem(OF_THE_WORLD[WANTS_NONE], refusal.message), status=status) from None


def _wanted(body: Json) -> Text:
    profile = _profile(body)
    own = body.get("use_profile_webhooks", True)
    url, spare = (profile.settings.get(name, "") if own else "" for name in ("webhook_url", "webhook_failover_url"))
    return Text(
        account_sid=asking().sid,
        to=text(body, "to"),
        from_=text(body, "from"),
        service_sid=profile.sid,
        body=text(body, "text"),
        media=texts(body, "media_urls"),
        status_callback=address(body, "webhook_url") or url,
        status_fallback=address(body, "webhook_failover_url") or spare,
        send_at=_planned(body),
    )


def _profile(body: Json) -> Service:
    """The profile that was named, else the sender's."""
    named = text(body, "messaging_profile_id")
    profile = owned_profile(named) if named else _profile_of(text(body, "from"))
    if profile is None:
        raise Denied(Problem(NO_SENDER, "The sender is on no messaging profile.", "/from"), status=400)
    return profile


def _profile_of(sender: str) -> Service | None:
    number = the_world().inventory.held(sender)
    is_own = number is not None and number.account_sid == asking().sid
    return the_world().inventory.service_of(number) if number and is_own else None


def _planned(body: Json) -> datetime | None:
    moment = text(body, "send_at")
    if not moment:
        return None
    try:
        planned = datetime.fromisoformat(moment)
    except ValueError:
        raise Denied(invalid("send_at", "send_at is not an ISO 8601 date.")) from None
    return planned if planned.tzinfo else planned.replace(tzinfo=UTC)


def _own(sid: str) -> Message:
    message, now = the_world().state.messages.get(sid), the_world().exchange.now()
    if message is None or message.account_sid != asking().sid or now - message.created > KEPT:
        raise not_found()
    return message
