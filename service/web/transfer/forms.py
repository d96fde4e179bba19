"""Forms about a transfer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from provisioning.contract.porting import SubscriberKind
from service.accounts.change_log import SECRETS
from service.porting.number_codes import Way
from service.porting.question_sets import Question, Questions
from service.web.shell.fields import (
    CHOOSE,
    Id,
    Secret,
    Typed,
    day,
    email,
    paragraphs,
    remaining,
    telephone,
    text,
    wall_clock,
)
from service.web.shell.form import FormSchema, Tick


class NumberForm(FormSchema):
    """The number to transfer."""

    number = Typed(telephone, longest=100, required="Enter the number you want to transfer.")


class ListForm(FormSchema):
    """Numbers to transfer, one a line. A file may come with them."""

    list = Typed(paragraphs, longest=100_000)


class DetailsRequestForm(FormSchema):
    """Whom to ask for details of a draft."""

    email = Typed(email, longest=255, required="Enter their email.")


class MessageForm(FormSchema):
    """A message to the desk; `service/desk/comments.py` says how long it may be."""

    message = Typed(paragraphs, longest=10_000)


class SignForm(FormSchema):
    """A signature: the typed name, and perhaps a drawing (a PNG as a data: URL)."""

    signer = Typed(text, required="Enter your name.")
    drawing = fields.String(load_default="", validate=validate.Length(max=400_000))
    agreed = Tick()


class MomentForm(FormSchema):
    """When numbers come, in the workspace's zone."""

    moment = Typed(wall_clock, required="Enter a date and a time.")


class AgreeForm(FormSchema):
    """The statements to tick before a port is filed."""

    keep_service = Tick()
    other_services = Tick()
    fees = Tick()
    authority = Tick()


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "authorized_email": email,
    "contact_email": email,
    "billing_number": telephone,
    "new_billing_number": telephone,
    "contact_number": telephone,
    "remaining": remaining,
    "wished": day,
}
"""How answers are read that are the same everywhere; all others are read as their question says."""


def port_form(questions: Questions) -> Schema:
    """A form with some of the questions about a port."""
    return FormSchema.from_dict({name: _field(name, question) for name, question in questions.items()})()


def _field(name: str, question: Question) -> fields.Field[Any]:
    if name == "subscriber_kind":
        return fields.Enum(
            SubscriberKind, by_value=True, required=True, error_messages={"unknown": CHOOSE, "required": CHOOSE}
        )
    of = Secret if name in SECRETS else Typed
    read = _READ.get(name) or partial(_national, question)
    return of(read, longest=question.longest, required=question.missing if question.required else "")


def _national(question: Question, typed: str) -> str:
    try:
        return question.read(typed) if typed else ""
    except ValueError as refusal:
        raise ValidationError([str(refusal)]) from None


class ContactWayForm(FormSchema):
    """How a code is sent to the contact of a port."""

    way = fields.Enum(Way, by_value=True, required=True, error_messages={"required": CHOOSE, "unknown": CHOOSE})


class WayForm(ContactWayForm):
    """To which number of a draft a code is sent (the id of its row), and how."""

    number = Id(CHOOSE, required=True)


class CodeForm(FormSchema):
    """The code that was sent to a number."""

    code = Typed(text, longest=20, required="Enter the six digits.")
