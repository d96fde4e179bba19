"""Transfers that are not sent yet: what they ask, the answers, whose the numbers are, and sending them."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from provisioning.contract.porting import Remaining, SubscriberKind
from service.accounts.access import line_for
from service.accounts.api_keys import Scope
from service.accounts.change_log import SECRETS, Action
from service.api.operations import Area, Caller
from service.api.rates import BILLS, CODES, DRAFTS, GUESSES
from service.api.transfers import TransferAnswer, written
from service.api.values import Answer, e164, identity, number
from service.desk.questions import open_question
from service.errors import IllegalTransition, Invalid
from service.porting import claims, number_codes
from service.porting.bill_files import BillFile
from service.porting.details import add_bill, revise
from service.porting.drafts import name_operator
from service.porting.lines import choose_line
from service.porting.models import PortProject
from service.porting.needs import asked
from service.porting.number_codes import Way
from service.porting.projects import submit
from service.porting.queries import project_for, state_of
from service.porting.question_sets import Question, Questions
from service.porting.rollup import ProjectState
from service.time import now
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.transfer.draft_steps import in_one_name
from service.web.transfer.forms import AgreeForm, port_form
from service.web.transfer.port_log import note_port
from service.web.transfer.questions import STEPS, WHICH_LINE
from service.web.transfer.uploads import opened_bill

area = Area("drafts", __name__, description="Transfers that aren’t sent yet.")

_NUMBERS: Final = ("billing_number", "new_billing_number", "contact_number")
_CHOICES: Final[Mapping[str, list[str]]] = {"subscriber_kind": list(SubscriberKind), "remaining": list(Remaining)}
_UNASKED: Final = "This transfer doesn’t ask for it."


class ChoiceAnswer(Answer):
    """One of several values that can be answered."""

    value = fields.String()
    label = fields.String()


class QuestionAnswer(Answer):
    """A question about the account at the old operator. The value of a `secret` one is never answered."""

    field = fields.String()
    label = fields.String()
    hint = fields.String()
    required = fields.Boolean()
    longest = fields.Integer(metadata={"description": "Characters."})
    secret = fields.Boolean()
    choices = fields.List(fields.Nested(ChoiceAnswer), metadata={"description": "Empty where any text can be sent."})


class QuestionsAnswer(Answer):
    """What a transfer asks; it depends on country, kind and old operator of its numbers."""

    data = fields.List(fields.Nested(QuestionAnswer))


class CodeAnswer(Answer):
    """A code that is on its way to a number. It is good for ten minutes."""

    number = fields.String()
    way = fields.String()


class ConfirmedAnswer(Answer):
    """Whether the code was the right one. Five wrong ones end it."""

    confirmed = fields.Boolean()


def _text() -> fields.String:
    return fields.String(allow_none=True, validate=validate.Length(max=255))


_ANSWERS: Final = {name: _text() for step in STEPS for name in step.fields if name != "bill"}
"""Answers about the account at the old operator."""

Correction = Schema.from_dict(dict(_ANSWERS), name="Correction")
"""All values that `to_correct` names."""

DraftChange = Schema.from_dict(
    {
        **_ANSWERS,
        "line_id": identity(about="The line that all its numbers come to."),
        "operator": fields.String(
            validate=validate.Length(max=100), metadata={"description": "One of the `operators` of the transfer."}
        ),
    },
    name="DraftChange",
)
"""Answers, a line, and the old operator. What is left out stays; "" or null clears what may be empty."""


class NewCode(Schema):
    """To which number of the transfer a code is sent, and how."""

    number = number()
    way = fields.Enum(Way, by_value=True, load_default=Way.TEXT)


class Code(Schema):
    """The six digits that were texted or read out."""

    code = fields.String(required=True, validate=validate.Length(1, 20))


class Agreement(AgreeForm):
    """What the customer has agreed to, each true, in the words of the page that sends a transfer."""


@area.operation("GET", "/transfers/<transfer_id>/questions", QuestionsAnswer, scope=Scope.TRANSFERS_READ)
def questions(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Get what a transfer asks about the account at the old operator."""
    project = project_for(caller.session, caller.member, transfer_id)
    return {"data": [_question(name, one) for name, one in asked(project).items() if name != "bill"]}


@area.operation(
    "PATCH",
    "/transfers/<transfer_id>",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=DraftChange(partial=True),
    tagged=True,
)
def change(caller: Caller, sent: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Answer what a draft asks. What it still lacks is `missing` in the answer."""
    project = draft(caller, transfer_id)
    caller.session.refresh(project, with_for_update=True)  # simultaneous changes are made one after the other
    area.check_etag(written(caller.session, project), TransferAnswer)
    if line_id := sent.pop("line_id", None):
        choose_line(project, project.numbers, line_for(caller.session, caller.member, line_id))
        _note_answered(project, {WHICH_LINE})
    if "operator" in sent:
        name_operator(caller.session, project, sent.pop("operator"))
    revise(caller.session, project, in_one_name(project, read_answers(asked(project), sent)))
    _note_answered(project, {step.name for step in STEPS if not sent.keys().isdisjoint(step.fields)})
    return written(caller.session, project)


def _bill(caller: Caller) -> BillFile:
    """The file that was sent. Raises `Invalid`."""
    kind = request.mimetype.rpartition("/")[2]
    return opened_bill([(f"bill.{kind}", request.get_data())], caller.workspace_id)


@area.operation(
    "PUT",
    "/transfers/<transfer_id>/bill",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    limits=BILLS,
    upload=("application/pdf", "image/jpeg", "image/png"),
    prepared=_bill,
)
def bill(caller: Caller, file: BillFile, transfer_id: str) -> dict[str, Any]:
    """Upload the latest bill, in place of an earlier one: a PDF, JPEG or PNG of at most 10 MB as the body."""
    project = _in_charge(caller, transfer_id)
    waits = state_of(project) in {ProjectState.DRAFT, ProjectState.ACTION_REQUIRED}
    if not waits and not open_question(caller.session, project):
        raise IllegalTransition("This has already been sent.")
    add_bill(caller.session, project, file)
    _note_answered(project, {"bill"})
    return written(caller.session, project)


@area.operation(
    "POST", "/transfers/<transfer_id>/code", CodeAnswer, scope=Scope.TRANSFERS_WRITE, body=NewCode, limits=CODES
)
def code(caller: Caller, wanted: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Have a code texted to a number of a draft, or read out in a call: it shows that the number is yours."""
    project, to = draft(caller, transfer_id), e164(wanted["number"], "number")
    if to not in {one.number for one in claims.takes_codes(services(), project)}:
        raise Invalid({"number": ["Choose a number of this transfer that can take a code."]})
    number_codes.ask(caller.session, services(), project, to, wanted["way"])
    return {"number": to, "way": wanted["way"]}


@area.operation(
    "POST", "/transfers/<transfer_id>/confirm", ConfirmedAnswer, scope=Scope.TRANSFERS_WRITE, body=Code, limits=GUESSES
)
def confirm(caller: Caller, sent: dict[str, Any], transfer_id: str) -> dict[str, bool]:
    """Enter the code that was sent to a number of a draft."""
    digits = "".join(sent["code"].split())
    return {"confirmed": claims.confirm(caller.session, services(), draft(caller, transfer_id), digits)}


@area.operation("POST", "/transfers/<transfer_id>/ask-desk", TransferAnswer, scope=Scope.TRANSFERS_WRITE, limits=DRAFTS)
def ask_desk(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Have our transfer desk look whose the numbers are, where they can take no code. It answers by email."""
    project = draft(caller, transfer_id)
    claims.hand_to_desk(caller.session, project)
    return written(caller.session, project)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/submit",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=Agreement,
    limits=DRAFTS,
)
def send(caller: Caller, _: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Send a draft. If our transfer desk has to look at it first, it stays one, and `ownership` is `at_desk`."""
    project, session = draft(caller, transfer_id), caller.session
    try:
        with session.begin_nested():
            revise(session, project, {"agreed_at": now()})
            submit(session, services(), project)
            note_port(session, project, Action.PORT_SENT, user_id=caller.member.user_id)
    except claims.ClaimedTwice:
        claims.hand_to_desk(session, project)
    return written(caller.session, project)


def draft(caller: Caller, transfer_id: str) -> PortProject:
    """A draft, for a member in charge. Raises `IllegalTransition` once it was sent."""
    project = _in_charge(caller, transfer_id)
    if state_of(project) is not ProjectState.DRAFT:
        raise IllegalTransition("This has already been sent.")
    return project


def read_answers(wanted: Questions, sent: Mapping[str, str | None]) -> dict[str, Any]:
    """Answers that were sent, each read as its question says.

    Raises:
        Invalid: one is wrong, or answers a question that is not among those `wanted`.
    """
    unasked = {name: [_UNASKED] for name in sent if name not in wanted}
    if unasked:
        raise Invalid(unasked)
    typed = {name: value or "" for name, value in sent.items()}
    typed |= {name: e164(typed[name], name) for name in _NUMBERS if typed.get(name)}
    return Form(port_form({name: wanted[name] for name in sent}), MultiDict(typed)).data()


def _in_charge(caller: Caller, transfer_id: str) -> PortProject:
    return project_for(caller.session, caller.in_charge(), transfer_id)


def _note_answered(project: PortProject, steps: set[str]) -> None:
    """Note that steps of the pages are answered, so that they propose nothing there."""
    project.answered = [*project.answered, *sorted(steps - {*project.answered})]


def _question(name: str, one: Question) -> dict[str, Any]:
    choices = dict(one.choices) or {value: value for value in _CHOICES.get(name, ())}
    plain = {attribute: getattr(one, attribute) for attribute in ("label", "hint", "required", "longest")}
    listed = [{"value": value, "label": label} for value, label in choices.items()]
    return plain | {"field": name, "secret": name in SECRETS, "choices": listed}
