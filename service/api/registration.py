"""Registering the workspace's business for texts to the United States: its answers, sending them, where it stands."""

from collections.abc import Sequence
from typing import Any, Final

from marshmallow import Schema, fields, validate

from service.accounts.api_keys import Scope
from service.accounts.change_log import Action, note
from service.accounts.models import Member
from service.api.operations import Area, Caller
from service.api.rates import DRAFTS
from service.api.values import Answer, Flag, moment
from service.errors import Conflict, Invalid, NotFound
from service.registration.answers import lacking, send
from service.registration.asking_owner import ask_owner_again
from service.registration.concerns import Concern
from service.registration.models import Business
from service.registration.standing import Standing, State, standing
from service.web.registration.answering import business_to_answer, concerns_open, fee_now, may_send, schema_of
from service.web.registration.forms import BusinessForm, kept, store
from service.web.shell.context import registers_itself, services
from service.web.shell.form import Tick

area = Area("registration", __name__, description="How far the workspace is registered for texts to the United States.")

_NEVER_SHOWN: Final = ("tax_id", "agreed")
_WAYS: Final = frozenset(name for name in BusinessForm().fields if name.startswith("way_"))


class ObjectionAnswer(Answer):
    """Why it was refused. What is wrong is corrected in the answers about the business, and sent again."""

    code = fields.String(metadata={"description": "The carrier’s."})
    field = fields.String(metadata={"description": "The answer that was wrong; empty if it is not known."})
    text = fields.String(metadata={"description": "The carrier’s own words; empty for those that we have words for."})


class RegistrationAnswer(Answer):
    """Where the registration of the business and of what it texts stands."""

    state = fields.String(metadata={"description": ", ".join(f"`{state}`" for state in State)})
    since = moment()
    objections = fields.List(fields.Nested(ObjectionAnswer))


class LackingAnswer(Answer):
    """An answer that is still needed."""

    field = fields.String()
    detail = fields.String()


class ConcernAnswer(Answer):
    """A doubt that reviewers are known to have. What is `certain` to be refused has to be changed."""

    key = fields.String(metadata={"description": "Send it as `answered` to go on as it is."})
    field = fields.String()
    question = fields.String()
    proposal = fields.String(metadata={"description": "What the answer could say; often empty."})
    certain = fields.Boolean()


_Answers = Schema.from_dict(
    {
        name: fields.Boolean(load_default=False) if name.startswith("way_") else fields.String(allow_none=True)
        for name in BusinessForm().fields
        if name not in _NEVER_SHOWN
    }
)


class BusinessAnswer(_Answers, Answer):  # type: ignore[misc, valid-type] # the fields of the form
    """The answers about the business, without its EIN, and what keeps them from being sent."""

    last_of_tax_id = fields.String(metadata={"description": "Of the EIN the last four digits."})
    can_change = fields.List(fields.String(), metadata={"description": "Answers that can be sent now."})
    missing = fields.List(fields.Nested(LackingAnswer))
    concerns = fields.List(fields.Nested(ConcernAnswer))
    fee_cents = fields.Integer(metadata={"description": "What sending costs now, in cents of a US dollar."})


BusinessChange = BusinessForm.from_dict({name: Flag() for name in _WAYS}, name="BusinessChange")
"""Answers of the form. What is left out stays; "" clears what may be empty."""


class Submission(Schema):
    """What the owner agrees to: the fee, and that the answers are true."""

    agreed = Tick()
    fee_cents = fields.Integer(required=True, strict=True, metadata={"description": "As the business has it now."})
    answered = fields.List(
        fields.String(validate=validate.Length(max=40)),
        load_default=[],
        validate=validate.Length(max=100),
        metadata={"description": "Keys of concerns that are none."},
    )


@area.operation("GET", "/registration", RegistrationAnswer, scope=Scope.NUMBERS_READ)
def show(caller: Caller) -> Standing:
    """Get where the registration for texts stands. Toll-free numbers are verified one by one, on their pages."""
    return standing(caller.session, caller.workspace_id)


@area.operation("GET", "/registration/business", BusinessAnswer, scope=Scope.NUMBERS_READ, tagged=True)
def business(caller: Caller) -> dict[str, Any]:
    """Get the answers about the business, at first what is known from its last bill and its owner."""
    return _written(caller, business_to_answer(caller.session, _in_charge(caller)))


@area.operation(
    "PATCH",
    "/registration/business",
    BusinessAnswer,
    scope=Scope.NUMBERS_WRITE,
    body=BusinessChange(partial=True, exclude=("agreed",)),
    limits=DRAFTS,
    tagged=True,
)
def answer(caller: Caller, sent: dict[str, Any]) -> dict[str, Any]:
    """Answer what is asked about the business. Nothing is sent yet, and what is left out stays."""
    found = business_to_answer(caller.session, _in_charge(caller))
    area.check_etag(_written(caller, found), BusinessAnswer)
    _must_be_asked(standing(caller.session, caller.workspace_id), sent.keys())
    known = kept(found) if _WAYS & sent.keys() else {}
    ways = {name: value for name, value in known.items() if name.startswith("way_")}
    store(found, ways | sent)
    caller.session.flush()
    return _written(caller, found)


@area.operation(
    "POST", "/registration/submit", RegistrationAnswer, scope=Scope.NUMBERS_WRITE, body=Submission, limits=DRAFTS
)
def submit(caller: Caller, sent: dict[str, Any]) -> Standing:
    """Have the business registered, or registered again once it was refused. Its fee is due also if it is refused."""
    here = _in_charge(caller)
    found, where = business_to_answer(caller.session, here), standing(caller.session, caller.workspace_id)
    if not may_send(where):
        raise Conflict("This was sent already.")
    _must_be_clear(lacking(found), concerns_open(caller.session, found, where, sent["answered"]))
    if sent["fee_cents"] != fee_now(found, where):
        raise Invalid({"fee_cents": ["This is not what it costs now. Fetch the business again."]})
    send(caller.session, services(), found, sent["fee_cents"])
    note(caller.session, workspace_id=here.workspace_id, user_id=here.user_id, action=Action.BUSINESS_SENT)
    caller.session.flush()
    caller.session.refresh(found)
    return standing(caller.session, caller.workspace_id)


@area.operation("POST", "/registration/ask-owner", RegistrationAnswer, scope=Scope.NUMBERS_WRITE, limits=DRAFTS)
def ask(caller: Caller) -> Standing:
    """Have the owner of a sole proprietor's business texted again: they have a day to answer YES."""
    _in_charge(caller)
    ask_owner_again(caller.session, caller.workspace_id)
    return standing(caller.session, caller.workspace_id)


def _in_charge(caller: Caller) -> Member:
    if not registers_itself():
        raise NotFound("Businesses don’t register themselves here.")
    return caller.in_charge()


def _must_be_asked(where: Standing, names: Any) -> None:  # noqa: ANN401 -- keys
    asked = schema_of(where).fields if may_send(where) else {}
    if unasked := {name: ["This can’t be changed now."] for name in names if name not in asked}:
        raise Invalid(unasked)


def _must_be_clear(missing: dict[str, list[str]], concerns: Sequence[Concern]) -> None:
    for one in concerns:
        missing.setdefault(one.field, []).append(one.question)
    if missing:
        raise Invalid(missing)


def _written(caller: Caller, found: Business) -> dict[str, Any]:
    where = standing(caller.session, found.workspace_id)
    concerns = concerns_open(caller.session, found, where, ())
    return kept(found) | {
        **{name: name in kept(found) for name in _WAYS},
        "last_of_tax_id": found.last_of_tax_id,
        "can_change": sorted({*schema_of(where).fields} - {"agreed"}) if may_send(where) else [],
        "missing": [{"field": field, "detail": one} for field, them in lacking(found).items() for one in them],
        "concerns": [_concern(one) for one in concerns],
        "fee_cents": fee_now(found, where),
    }


def _concern(one: Concern) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("key", "field", "question", "certain")}
    return plain | {"proposal": one.instead}
