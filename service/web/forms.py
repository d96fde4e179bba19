"""Every form of the pages, as a schema: the only place where input is checked."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, validate

from provisioning.contract.porting import SubscriberKind
from service.language import Language
from service.web.fields import Line, Secret, day, email, place, telephone, telephones, text, zone

_CHOOSE: Final = "Choose one of these."
_TICK: Final = validate.Equal(True, error="Please confirm this.")
_SECONDS: Final = "Write a whole number of seconds between 5 and 60."


class FormSchema(Schema):
    """What a form may hold besides its fields, such as its CSRF token, is not looked at."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = EXCLUDE


class LanguageForm(FormSchema):
    """The language to go on in."""

    language = fields.Enum(Language, by_value=True, required=True)


class SignUpForm(FormSchema):
    """Everything we need to know for a working number."""

    email = Line(email, longest=255, required=True)
    business = Line(text, required=True)
    near = Line(place)
    zone = Line(zone)


class SignInForm(FormSchema):
    """Whom the code goes to."""

    email = Line(email, longest=255, required=True)


class CodeForm(FormSchema):
    """The code from the mail, with or without blanks."""

    code = Line(text, longest=20, required=True)


class ReplyForm(FormSchema):
    """A text to somebody; 1,600 characters are as much as carriers take."""

    text = Line(text, longest=1600, required=True)


class LineForm(FormSchema):
    """How a line answers."""

    name = Line(text, required=True)
    phones = Line(telephones, longest=400)
    ring_seconds = fields.Integer(
        required=True,
        validate=validate.Range(5, 60, error=_SECONDS),
        error_messages={"invalid": _SECONDS, "required": _SECONDS},
    )
    in_turn = fields.Boolean(load_default=False)
    greeting = Line(text, longest=500)


class NumberForm(FormSchema):
    """The number to bring along."""

    number = Line(telephone, longest=32, required=True)


class AgreeForm(FormSchema):
    """The statements that are ticked before a port is filed. A box that is not ticked is not sent."""

    keep_service = fields.Boolean(load_default=False, validate=_TICK)
    other_services = fields.Boolean(load_default=False, validate=_TICK)
    fees = fields.Boolean(load_default=False, validate=_TICK)
    authority = fields.Boolean(load_default=False, validate=_TICK)


PORT_FIELDS: Final[Mapping[str, fields.Field[Any]]] = {
    "subscriber_kind": fields.Enum(
        SubscriberKind, by_value=True, required=True, error_messages={"unknown": _CHOOSE, "required": _CHOOSE}
    ),
    "subscriber_name": Line(text, required=True),
    "authorized_person": Line(text, required=True),
    "authorized_email": Line(email, longest=255, required=True),
    "street": Line(text, required=True),
    "street2": Line(text),
    "city": Line(text, required=True),
    "region": Line(text, longest=50, required=True),
    "postal_code": Line(text, longest=20, required=True),
    "account_number": Secret(text),
    "pin": Secret(text, longest=32),
    "billing_number": Line(telephone, longest=32),
    "contact_number": Line(telephone, longest=32),
    "contact_email": Line(email, longest=255, required=True),
    "wished": Line(day),
}
"""What is asked about the number at its old operator; the steps of the form and the fix page pick from it."""


def port_form(names: Iterable[str], required: Collection[str] = ()) -> Schema:
    """A form with some of the questions about a port; PIN and account number must be given when `required`."""
    questions = {name: PORT_FIELDS[name] for name in names}
    demanded = {name: Secret(text, required=True) for name in SECRETS if name in questions and name in required}
    return FormSchema.from_dict(questions | demanded)()


SECRETS: Final = ("account_number", "pin")
