"""Fetching our own copy of a picture that came with a text."""

from provisioning.contract.errors import Conflict, Refused
from service.inbox.models import Message, Picture
from service.inbox.pictures import keep
from service.lines.inventory import carrier_holding
from service.queue import task
from service.services import Services
from service.time import now


@task
def fetch_picture(services: Services, *, picture_id: int) -> None:
    """Fetch our own copy of an attachment. What is not a picture, or too large, is kept as its address only."""
    with services.sessions() as session:
        picture = session.get_one(Picture, picture_id)
        carrier = carrier_holding(session, session.get_one(Message, picture.message_id).number)
    if picture.fetched_at:
        return
    try:
        content = services.network(carrier).messaging.fetch_media(picture.source_url).content
    except (Refused, Conflict):
        content = b""
    kept = keep(services.media, content)
    with services.sessions.begin() as session:
        fetched = session.get_one(Picture, picture_id)
        fetched.fetched_at = now()
        session.get_one(Message, fetched.message_id).conversation.touch()
        if kept:
            fetched.media_type, fetched.media, fetched.thumbnail = kept.media_type, kept.media, kept.thumbnail
