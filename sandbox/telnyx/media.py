"""`media.telnyx.com`: attachments of texts that came in. Their links need no key and live thirty days."""

from datetime import timedelta

from flask import Blueprint, Response, abort

from sandbox.current import the_world
from sandbox.records import Carrier, Media, Message

media = Blueprint("telnyx_media", __name__, url_prefix="/media.telnyx.com")
KEPT = timedelta(days=30)


@media.get("/<sid>")
def content(sid: str) -> Response:
    """Return the content of an attachment."""
    world = the_world()
    linked = (each for message in world.state.messages.values() for each in _linked(message))
    found = next((each for each in linked if each.sid == sid), None)
    return Response(world.attachments.content(found), mimetype=found.content_type) if found else abort(404)


def _linked(message: Message) -> list[Media]:
    """The attachments of a text of this carrier whose links still live."""
    exchange = the_world().exchange
    theirs = exchange.carrier_of(message.account_sid) is Carrier.TELNYX
    return message.media if theirs and exchange.now() - message.created <= KEPT else []
