"""Transfers: numbers that come from another operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, by_id, page_of, read_id
from service.api.rates import DRAFTS
from service.api.values import Answer, e164, moment
from service.desk.correspondence import DeskQuestion
from service.desk.questions import open_question, open_questions
from service.errors import Invalid
from service.porting.checks import missing
from service.porting.choice import days_for
from service.porting.claims import claim_of, unconfirmed
from service.porting.drafts import draft_with
from service.porting.embedded import EmbeddedLink, EmbeddedPage, embedded_link
from service.porting.list_columns import OldAccount
from service.porting.models import PortProject
from service.porting.queries import project_for, projects_before, state_of, timeline
from service.porting.rollup import ProjectState
from service.web.shell.context import services
from service.web.transfer.bring import draft_of
from service.web.transfer.questions import asked_of_customer
from service.web.transfer.story import closing_of

area = Area("transfers", __name__, description="Numbers that come from another operator.")


class ComingAnswer(Answer):
    """A number of a transfer. `portability` is `unknown` until the carrier was asked, at `asked_at`."""

    id = fields.Integer()
    number = fields.String()
    line_id = fields.Integer()
    state = fields.String()
    portability = fields.String(attribute="verdict", metadata={"description": "`yes`, `no`, `by_hand` or `unknown`."})
    asked_at = moment()
    reasons = fields.List(fields.String(), metadata={"description": "Why it can’t come, or was rejected, as codes."})
    committed_on = fields.Date(allow_none=True)
    committed_at = moment()
    ported_at = moment()


class MissingAnswer(Answer):
    """What a draft still lacks before it can be sent."""

    field = fields.String()
    detail = fields.String()


class AskedAnswer(Answer):
    """What our transfer desk asks: a sentence, and what for, values that `to_correct` names or `bill`."""

    text = fields.String()
    asked_at = moment("made_at")
    asked_for = fields.List(fields.String(), attribute="fields")


class TransferAnswer(Answer):
    """A transfer: numbers of one account at the old operator. Account number, PIN and subscriber id are never shown."""

    id = fields.String()
    state = fields.String(metadata={"description": ", ".join(f"`{state}`" for state in ProjectState)})
    line_id = fields.Integer()
    country = fields.String()
    operator = fields.String(allow_none=True, metadata={"description": "The old one’s name; null until it was asked."})
    wished = fields.Date(allow_none=True)
    subscriber_kind = fields.String(metadata={"description": "`business` or `individual`."})
    subscriber_name = fields.String()
    authorized_person = fields.String()
    authorized_email = fields.String()
    street = fields.String()
    street2 = fields.String()
    city = fields.String()
    region = fields.String()
    postal_code = fields.String()
    billing_number = fields.String()
    remaining = fields.String(allow_none=True)
    new_billing_number = fields.String()
    contact_number = fields.String()
    contact_email = fields.String()
    created_at = moment("made_at")
    sent_at = moment("submitted_at")
    ownership = fields.String(
        metadata={
            "description": "How far it is shown that the numbers are yours: `confirmed`, `by_papers` (the papers are "
            "read), `at_desk` (our transfer desk looks) or `wanted` (a code shows it)."
        }
    )
    numbers = fields.List(fields.Nested(ComingAnswer))
    missing = fields.List(fields.Nested(MissingAnswer))
    to_correct = fields.List(
        fields.String(),
        metadata={"description": "Values that the old operator rejected or our transfer desk asks for."},
    )
    question = fields.Nested(
        AskedAnswer, allow_none=True, metadata={"description": "What our transfer desk asks; null if nothing."}
    )


class DatesAnswer(Answer):
    """The dates of a transfer: days are those where the number is."""

    wished = fields.Date(allow_none=True)
    possible = fields.List(fields.Date(), metadata={"description": "Days that can be wished for."})
    committed = fields.List(fields.Date(), metadata={"description": "Days to which the old operator has agreed."})
    can_cancel = fields.Boolean()
    can_reschedule = fields.Boolean()
    changeable_until = moment()


class EventAnswer(Answer):
    """Something that happened to `count` numbers of a transfer within a minute; `number` is the first of them."""

    id = fields.Integer()
    at = moment()
    event = fields.String()
    date = fields.String(allow_none=True)
    number = fields.String()
    count = fields.Integer()


class NewTransfer(Schema):
    """The numbers of one account at the old operator."""

    numbers = fields.List(
        fields.String(validate=validate.Length(2, 100)),
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "In E.164: `+12125550123`."},
    )


_PLAIN: Final = [
    field.attribute or name
    for name, field in TransferAnswer().fields.items()
    if name not in {"id", "state", "ownership", "missing", "to_correct", "question"}
]
"""What is answered as the project has it."""


@area.operation(
    "GET", "/transfers", page_of(TransferAnswer, "TransferPage"), scope=Scope.TRANSFERS_READ, query=PageQuery
)
def listing(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List transfers, the newest first."""
    before, limit = read_id(query["cursor"]), query["limit"]
    page = by_id(projects_before(caller.session, caller.member, before, limit + 1), limit)
    questions = open_questions(caller.session, page["data"])
    return page | {"data": [_written(project, questions.get(project.id)) for project in page["data"]]}


@area.operation(
    "POST", "/transfers", TransferAnswer, scope=Scope.TRANSFERS_WRITE, status=201, body=NewTransfer, limits=DRAFTS
)
def begin(caller: Caller, wanted: dict[str, Any]) -> dict[str, Any]:
    """Begin a transfer as a draft, and have the carrier asked whether its numbers can come.

    The answer follows in a moment: fetch the transfer and look at `portability`. A single number that is in a draft
    already is answered with that draft.
    """
    member = caller.in_charge()
    with e164_list(wanted) as numbers:
        known = draft_with(caller.session, member.workspace_id, numbers[0]) if len(numbers) == 1 else None
        project = known or draft_of(caller.session, member, member.user.language, {OldAccount(): numbers})
        return written(caller.session, project)


@contextmanager
def e164_list(wanted: dict[str, Any]) -> Iterator[list[str]]:
    """The numbers that were sent, each once. What is refused of them stands beside `numbers`. Raises `Invalid`."""
    try:
        yield list(dict.fromkeys(e164(typed, "numbers") for typed in wanted["numbers"]))
    except Invalid as refused:
        raise Invalid({"numbers": [one for sentences in refused.fields.values() for one in sentences]}) from None


@area.operation("GET", "/transfers/<transfer_id>", TransferAnswer, scope=Scope.TRANSFERS_READ, tagged=True)
def show(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Get a transfer."""
    return written(caller.session, project_for(caller.session, caller.member, transfer_id))


class Embedding(Schema):
    """Which page: `status` says where the transfer is, `form` asks what a draft still lacks."""

    page = fields.Enum(EmbeddedPage, by_value=True, required=True)


class EmbeddedAnswer(Answer):
    """A link to a page for a frame or a browser. Whoever has it may open it until it ends."""

    url = fields.String()
    expires_at = moment()


@area.operation(
    "POST",
    "/transfers/<transfer_id>/embedded-page",
    EmbeddedAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=Embedding,
    limits=DRAFTS,
    secret=True,
)
def embed(caller: Caller, wanted: dict[str, Any], transfer_id: str) -> EmbeddedLink:
    """Get a link, good for an hour, to a page about a transfer, which the platform's own may frame."""
    caller.in_charge()
    project = project_for(caller.session, caller.member, transfer_id)
    return embedded_link(services(), project, wanted["page"])


@area.operation("GET", "/transfers/<transfer_id>/dates", DatesAnswer, scope=Scope.TRANSFERS_READ)
def dates(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Get the dates of a transfer."""
    project = project_for(caller.session, caller.member, transfer_id)
    closing = closing_of(project, services())
    return {
        "wished": project.wished,
        "possible": days_for(services(), project),
        "committed": sorted({number.committed_on for number in project.numbers if number.committed_on}),
        "can_cancel": closing.possible,
        "can_reschedule": closing.movable,
        "changeable_until": closing.until,
    }


@area.operation(
    "GET",
    "/transfers/<transfer_id>/history",
    page_of(EventAnswer, "EventPage"),
    scope=Scope.TRANSFERS_READ,
    query=PageQuery,
)
def history(caller: Caller, query: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """List what happened to a transfer, the latest first."""
    project, limit = project_for(caller.session, caller.member, transfer_id), query["limit"]
    before = read_id(query["cursor"]) or None
    return by_id(timeline(caller.session, project, before=before, most=limit + 1), limit)


def written(session: Session, project: PortProject) -> dict[str, Any]:
    """A transfer as `TransferAnswer` has it."""
    return _written(project, open_question(session, project))


def _written(project: PortProject, question: DeskQuestion | None) -> dict[str, Any]:
    state = state_of(project)
    lacking = missing(project) | unconfirmed(services(), project) if state is ProjectState.DRAFT else {}
    wrong = asked_of_customer(project, question) if question or state is ProjectState.ACTION_REQUIRED else ()
    return {name: getattr(project, name) for name in _PLAIN} | {
        "id": project.public_id,
        "state": state,
        "ownership": claim_of(services(), project),
        "missing": [{"field": field, "detail": one} for field, sentences in lacking.items() for one in sentences],
        "to_correct": list(wrong),
        "question": question,
    }
