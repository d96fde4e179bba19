"""Conversations, and the texts in them."""

from base64 import b64decode
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Response, after_this_request, request
from marshmallow import Schema, ValidationError, fields, validate

from service.accounts.access import line_for, lines_for, lines_read_by, usual_line
from service.accounts.api_keys import Scope
from service.api.files import StoredFile
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, page_of, read, written
from service.api.rates import TEXTS
from service.api.values import Answer, e164, identity, moment, number
from service.errors import Invalid, NotFound
from service.inbox.access import conversation_for, message_for, picture_for
from service.inbox.contacts import conversation_with, is_known
from service.inbox.cursors import cursor_at
from service.inbox.entries import messages_of, waiting
from service.inbox.listing import View
from service.inbox.listing import listing as inbox
from service.inbox.models import Conversation, Message
from service.inbox.pictures import KeptPicture, drop_kept, keep_fitted
from service.inbox.writing import LONGEST_TEXT, cancel_unsent, picture_limits, schedule, write
from service.lines.inventory import must_be_in_use, outgoing_number
from service.lines.models import Line
from service.quotas import Quota
from service.web.inbox.permission import must_permit_texts, must_permit_texts_to
from service.web.shell.context import services
from service.web.shell.heavy_files import opening
from service.web.shell.room import require_room, require_room_for_file

area = Area("messages", __name__, description="Conversations, and the texts in them.")


MOST_PICTURES: Final = 10


class PartyAnswer(Answer):
    """The contact of a conversation."""

    id = fields.Integer()
    number = fields.String()
    name = fields.String()


class ConversationAnswer(Answer):
    """All that was said between a line and a contact."""

    id = fields.Integer()
    line_id = fields.Integer()
    contact = fields.Nested(PartyAnswer)
    handling = fields.String(metadata={"description": "`open`, `snoozed` or `done`."})
    last_at = moment()


class FileAnswer(Answer):
    """A picture or other file of a text. `size` is in bytes, 0 until our copy was fetched."""

    id = fields.Integer()
    media_type = fields.String()
    size = fields.Integer()


class MessageAnswer(Answer):
    """A text. `status` is null until a scheduled text leaves; `trouble` says why one was not delivered."""

    id = fields.Integer()
    conversation_id = fields.Integer()
    direction = fields.String(metadata={"description": "`in` or `out`."})
    our_number = fields.String(attribute="number")
    their_number = fields.String(attribute="conversation.contact.number")
    text = fields.String()
    files = fields.List(fields.Nested(FileAnswer), attribute="pictures")
    status = fields.String(allow_none=True)
    trouble = fields.String()
    at = moment()
    send_at = moment("leaves_at")


class ConversationQuery(PageQuery):
    """Which conversations."""

    view = fields.Enum(View, by_value=True, load_default=View.ALL)
    line_id = identity(about="Those of one line.", strict=False)


class _Picture(fields.String):
    """A file in base64 (RFC 4648)."""

    def _deserialize(self, value: Any, *more: Any, **options: Any) -> Any:  # noqa: ANN401 -- marshmallow's own
        try:
            return b64decode(super()._deserialize(value, *more, **options), validate=True)
        except ValueError:
            raise ValidationError(["Send the file in base64."]) from None


class NewMessage(Schema):
    """A text to a number, with words or pictures or both."""

    to = number("Who gets it, in E.164.")
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))
    pictures = fields.List(
        _Picture(metadata={"format": "byte"}),
        load_default=[],
        validate=validate.Length(max=MOST_PICTURES),
        metadata={"description": "JPEG, PNG, GIF or WebP in base64; photos are scaled to what the carrier takes."},
    )
    line_id = identity(about="The line it is sent from; the member’s usual one if left out.")
    send_at = fields.AwareDateTime(
        load_default=None, format="iso", metadata={"description": "When it is sent, within a year; now if left out."}
    )


@area.operation(
    "GET",
    "/conversations",
    page_of(ConversationAnswer, "ConversationPage"),
    scope=Scope.MESSAGES_READ,
    query=ConversationQuery,
)
def conversations(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List conversations, the latest first."""
    session, member = caller.session, caller.member
    before = read(query["cursor"])
    found = inbox(session, member, _lines(caller, query["line_id"]), query["view"], before, query["limit"])
    return {"data": [row.conversation for row in found.rows], "next_cursor": written(found.older)}


@area.operation(
    "GET", "/conversations/<int:conversation_id>", ConversationAnswer, scope=Scope.MESSAGES_READ, tagged=True
)
def conversation(caller: Caller, conversation_id: int) -> Conversation:
    """Get a conversation."""
    return conversation_for(caller.session, caller.member, conversation_id)


@area.operation(
    "GET",
    "/conversations/<int:conversation_id>/messages",
    page_of(MessageAnswer, "MessagePage"),
    scope=Scope.MESSAGES_READ,
    query=PageQuery,
)
def messages(caller: Caller, query: dict[str, Any], conversation_id: int) -> dict[str, Any]:
    """List the texts of a conversation, the latest first, without those that are to be sent later."""
    of, limit = conversation_for(caller.session, caller.member, conversation_id), query["limit"]
    found = messages_of(caller.session, of, read(query["cursor"]), limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return {"data": found[:limit], "next_cursor": written(cursor_at(last.at, last.id)) if last else None}


@area.operation(
    "GET",
    "/conversations/<int:conversation_id>/scheduled-messages",
    page_of(MessageAnswer, "ScheduledPage"),
    scope=Scope.MESSAGES_READ,
)
def scheduled(caller: Caller, conversation_id: int) -> dict[str, Any]:
    """List the texts of a conversation that are to be sent later, the next one first, all on one page."""
    of = conversation_for(caller.session, caller.member, conversation_id)
    return {"data": waiting(caller.session, of), "next_cursor": None}


@area.operation("GET", "/messages/<int:message_id>", MessageAnswer, scope=Scope.MESSAGES_READ, tagged=True)
def message(caller: Caller, message_id: int) -> Message:
    """Get a text: whether it was delivered, among other things."""
    return message_for(caller.session, caller.member, message_id)


@area.operation("DELETE", "/messages/<int:message_id>", scope=Scope.MESSAGES_WRITE, status=204)
def cancel(caller: Caller, message_id: int) -> Response:
    """Cancel a text that has not left yet. One that has is refused with `conflict`."""
    orphans = cancel_unsent(caller.session, message_for(caller.session, caller.member, message_id))

    @after_this_request
    def drop(answer: Response) -> Response:
        for name in orphans if answer.status_code == HTTPStatus.NO_CONTENT else ():
            services().media.drop(name)
        return answer

    return Response(status=HTTPStatus.NO_CONTENT)


@area.operation("GET", "/files/<int:file_id>", scope=Scope.MESSAGES_READ, file="*/*")
def file(caller: Caller, file_id: int) -> StoredFile:
    """Get a picture or other file of a text."""
    found = picture_for(caller.session, caller.member, file_id)
    return StoredFile(found.media, found.media_type)


def _pictures(caller: Caller) -> list[KeptPicture]:
    """The pictures that were sent, stored and scaled. What else is wrong is refused as the body is read.

    Raises:
        Invalid: one is no picture, or there is no room for them.
        Conflict: the number may not be texted now.
    """
    try:
        sent = NewMessage().load(request.get_json(silent=True) or {})
    except ValidationError:
        return []
    if not sent["pictures"]:
        return []
    with caller.session.begin():
        line = _line(caller, sent["line_id"])
        must_permit_texts_to(caller.session, line, e164(sent["to"], "to"))
        sender = outgoing_number(caller.session, line.id)
        size = sum(map(len, sent["pictures"]))
        require_room_for_file(caller.session, size, field="pictures", workspace_id=caller.workspace_id)
    limits = picture_limits(services(), sender, e164(sent["to"], "to"))
    with opening("pictures", caller.workspace_id):
        return keep_fitted(services().media, sent["pictures"], limits)


@area.operation(
    "POST",
    "/messages",
    MessageAnswer,
    scope=Scope.MESSAGES_WRITE,
    status=202,
    body=NewMessage,
    limits=TEXTS,
    prepared=_pictures,
    unused=lambda pictures: drop_kept(services().media, pictures),
)
def send(caller: Caller, pictures: list[KeptPicture], sent: dict[str, Any]) -> Message:
    """Send a text, now or later, with up to ten pictures. Fetch it again to see its status: it is sent afterwards."""
    with_them = _conversation_with(caller, _line(caller, sent["line_id"]), e164(sent["to"], "to"))
    must_permit_texts(caller.session, with_them)
    author = caller.member.user_id
    if sent["send_at"] is None:
        return write(caller.session, with_them, sent["text"], author, pictures=pictures)
    require_room(caller.session, Quota.SCHEDULED_TEXTS, field="send_at", workspace_id=caller.workspace_id)
    return _scheduled(caller, with_them, sent, pictures)


def _scheduled(caller: Caller, with_them: Conversation, sent: dict[str, Any], pictures: list[KeptPicture]) -> Message:
    try:
        return schedule(caller.session, with_them, sent["text"], caller.member.user_id, sent["send_at"], pictures)
    except Invalid as refused:
        raise Invalid({{"leaves_at": "send_at"}.get(name, name): why for name, why in refused.fields.items()}) from None


def _conversation_with(caller: Caller, line: Line, contact: str) -> Conversation:
    if not is_known(caller.session, line, contact):
        require_room(caller.session, Quota.CONTACTS, field="to", workspace_id=caller.workspace_id)
    return conversation_with(caller.session, line, contact)


def _line(caller: Caller, line_id: int | None) -> Line:
    """The line to text from."""
    session, member = caller.session, caller.member
    line = line_for(session, member, line_id) if line_id else usual_line(lines_for(session, member), member)
    if line is None:
        raise NotFound("The key sees no line yet.")
    must_be_in_use(session, line)
    return line


def _lines(caller: Caller, line_id: int | None) -> Sequence[Line]:
    if line_id:
        return [line_for(caller.session, caller.member, line_id)]
    return lines_read_by(caller.session, caller.member)
