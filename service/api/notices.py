"""What the contact of a transfer was told of it."""

from typing import Any

from marshmallow import fields

from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, by_id, page_of, read_id
from service.api.values import Answer, moment
from service.notifications.queries import notifications_about
from service.porting.queries import project_for

area = Area("notices", __name__, description="What the contact of a transfer was told of it, by text and email.")


class NoticeAnswer(Answer):
    """A notice to one person over one channel. `trouble` says why it did not arrive, in the words of who says so."""

    id = fields.Integer()
    kind = fields.String()
    channel = fields.String()
    recipient = fields.String()
    language = fields.String()
    created_at = moment("made_at")
    sent_at = moment()
    trouble = fields.String()


@area.operation(
    "GET",
    "/transfers/<transfer_id>/notices",
    page_of(NoticeAnswer, "NoticePage"),
    scope=Scope.TRANSFERS_READ,
    query=PageQuery,
)
def listing(caller: Caller, query: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """List what the contact was told, the latest first."""
    project, limit = project_for(caller.session, caller.member, transfer_id), query["limit"]
    return by_id(notifications_about(caller.session, project.id, read_id(query["cursor"]), limit + 1), limit)
