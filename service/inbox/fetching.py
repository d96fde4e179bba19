"""Fetching our own copy of an attachment that came with a text."""

from provisioning.contract.errors import Conflict, NotFound, Refused
from provisioning.contract.messaging import Media
from service.inbox.attachments import PATIENCE, keep_received
from service.inbox.models import Message, Picture
from service.lines.inventory import carrier_holding
from service.queue import task
from service.services import Services
from service.time import now

_NOTHING = Media("", b"")


@task
def fetch_picture(services: Services, *, picture_id: int) -> None:
    """Fetch our own copy of an attachment, once. If the carrier refuses, only the carrier's address of it is kept.

    Raises:
        NotFound: the carrier does not have it yet, within `PATIENCE` of the text: the job is tried again.
    """
    with services.sessions() as session:
        picture = session.get_one(Picture, picture_id)
        message = session.get_one(Message, picture.message_id)
        carrier = carrier_holding(session, message.number)
    if picture.fetched_at:
        return
    try:
        found = services.network(carrier).messaging.fetch_media(picture.source_url)
    except NotFound:
        if now() < message.at + PATIENCE:
            raise
        found = _NOTHING
    except (Refused, Conflict):
        found = _NOTHING
    kept = keep_received(services.media, found.content, found.media_type)
    with services.sessions.begin() as session:
        fetched = session.get_one(Picture, picture_id)
        fetched.fetched_at = now()
        fetched.media_type, fetched.size = kept.media_type, kept.size
        fetched.media, fetched.thumbnail = kept.media, kept.thumbnail
        session.get_one(Message, fetched.message_id).conversation.touch()
