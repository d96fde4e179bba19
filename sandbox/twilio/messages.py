"""`Messages` and their media."""

from dataclasses import replace
from decimal import Decimal

from flask import Blueprint, Response, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Media, Message
from sandbox.texting.outbound import Text
from sandbox.texting.segments import segments
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form
from sandbox.twilio.dates import parse_iso, rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.filters import is_within
from sandbox.twilio.paging import Json, page_2010
from sandbox.twilio.text_callbacks import ERROR_TEXTS

messages = guard(Blueprint("messages", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@messages.post("/Messages.json")
def send() -> tuple[Json, int]:
    """Send a text: 201 with its first status."""
    fields = form()
    text = Text(
        account_sid=asking().sid,
        to=fields.get("To", ""),
        from_=fields.get("From", ""),
        service_sid=fields.get("MessagingServiceSid", ""),
        body=fields.get("Body", ""),
        media=fields.getlist("MediaUrl"),
        status_callback=fields.get("StatusCallback", ""),
    )
    if "SendAt" in fields:
        text = _scheduled(text)
    return resource(the_world().outbound.send(text)), 201


@messages.get("/Messages.json")
def fetch_list() -> Json:
    """List the account's texts, newest first, by `To`, `From` and `DateSent` (also `DateSent<` and `DateSent>`)."""
    rows = [message for message in the_world().state.messages.values() if _is_wanted(message)]
    return page_2010("messages", rows[::-1], resource)


@messages.get("/Messages/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one text."""
    return resource(_own(sid))


@messages.post("/Messages/<sid>.json")
def update(sid: str) -> Json:
    """`Body=` (empty) redacts a text, `Status=canceled` cancels a scheduled one."""
    message, fields, world = _own(sid), form(), the_world()
    with world.exchange.changing():
        if fields.get("Status") == "canceled":
            world.outbound.cancel(message)
        elif fields.get("Body") == "":
            message.body = ""
        else:
            raise Refusal(20001, "Only an empty Body or Status=canceled can be set.")
    return resource(message)


@messages.delete("/Messages/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Delete a text: 204."""
    message = _own(sid)
    with the_world().exchange.changing() as state:
        del state.messages[message.sid]
    return "", 204


@messages.get("/Messages/<sid>/Media.json")
def media_list(sid: str) -> Json:
    """List the attachments of a text."""
    message = _own(sid)
    return page_2010("media_list", message.media, lambda media: _media(message, media))


@messages.get("/Messages/<sid>/Media/<media_sid>.json")
def media_item(sid: str, media_sid: str) -> Json:
    """Fetch one attachment."""
    message = _own(sid)
    return _media(message, _attached(message, media_sid))


@messages.delete("/Messages/<sid>/Media/<media_sid>.json")
def delete_media(sid: str, media_sid: str) -> tuple[str, int]:
    """Delete an attachment: 204."""
    message = _own(sid)
    with the_world().exchange.changing():
        message.media.remove(_attached(message, media_sid))
    return "", 204


@messages.get("/Messages/<sid>/Media/<media_sid>")
def media_content(sid: str, media_sid: str) -> Response:
    """Return the content of an attachment. It needs credentials, as accounts can require."""
    media = _attached(_own(sid), media_sid)
    return Response(the_world().attachments.content(media), mimetype=media.content_type)


PRICE_OF_A_SEGMENT = Decimal("0.0083")


def _price(message: Message) -> str | None:
    """What an outgoing text cost, known once it has left."""
    left = message.direction != "inbound" and message.status in {"sent", "delivered", "undelivered"}
    return str(-PRICE_OF_A_SEGMENT * segments(message.body)) if left else None


def resource(message: Message) -> Json:
    """A text as Twilio describes it."""
    uri = f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": message.account_sid,
        "messaging_service_sid": message.service_sid,
        "to": message.to,
        "from": message.from_,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "num_segments": str(segments(message.body)),
        "num_media": str(len(message.media)),
        "price": _price(message),
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": ERROR_TEXTS.get(message.error_code or 0),
        "date_created": rfc2822(message.created),
        "date_updated": rfc2822(message.updated),
        "date_sent": rfc2822(message.sent),
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def _scheduled(text: Text) -> Text:
    fields = form()
    try:
        moment = parse_iso(fields["SendAt"])
    except ValueError:
        raise Refusal(35114, "SendAt is not an ISO 8601 date.") from None
    if fields.get("ScheduleType") != "fixed" or not text.service_sid:
        raise Refusal(35118, "SendAt needs ScheduleType=fixed and a MessagingServiceSid.")
    return replace(text, send_at=moment)


def _is_wanted(message: Message) -> bool:
    wanted = request.args
    same = wanted.get("To", message.to) == message.to and wanted.get("From", message.from_) == message.from_
    return message.account_sid == asking().sid and same and is_within(message.sent, "DateSent")


def _own(sid: str) -> Message:
    message = the_world().state.messages.get(sid)
    if message is None or message.account_sid != asking().sid:
        raise not_found()
    return message


def _attached(message: Message, media_sid: str) -> Media:
    for media in message.media:
        if media.sid == media_sid:
            return media
    raise not_found()


def _media(message: Message, media: Media) -> Json:
    parent = f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}"
    return {
        "sid": media.sid,
        "account_sid": message.account_sid,
        "parent_sid": message.sid,
        "content_type": media.content_type,
        "date_created": rfc2822(message.created),
        "date_updated": rfc2822(message.updated),
        "uri": f"{parent}/Media/{media.sid}.json",
    }
