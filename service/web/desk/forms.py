"""The forms of our own staff."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from service.language import Language
from service.porting.targets import MOST
from service.targets import Target
from service.web.shell.fields import CHOOSE, Id, Typed, day, paragraphs, reason, status, telephone, telephones, text
from service.web.shell.form import FormSchema

_Told = dict[str, str | list[Any] | dict[Any, Any]]
_HOUR: Final[_Told] = dict.fromkeys(("required", "invalid", "null", "format"), "Enter a time like 09:00.")
_FEW_DAYS: Final = "Enter 1 to 60 business days."

_LONG_SENTENCE: Final = 300

ABOUT: Final[Mapping[str, str]] = {
    "": "All of it",
    "account_number": "Account number",
    "pin": "Transfer PIN",
    "subscriber_name": "Name on the account",
    "authorized_person": "Who signs",
    "street": "Street address",
    "postal_code": "Postal code",
    "billing_number": "Main number on the account",
    "wished": "Preferred date",
}
"""What a hint may be about: questions of the form, by their fields."""


def _days() -> fields.Integer:
    errors: _Told = dict.fromkeys(("required", "invalid", "null", "too_large"), _FEW_DAYS)
    return fields.Integer(required=True, validate=validate.Range(1, MOST, error=_FEW_DAYS), error_messages=errors)


class AnswerForm(FormSchema):
    """An old operator's answer about numbers of an order filed by hand."""

    status = Typed(status, required=CHOOSE)
    numbers = Typed(telephones, longest=40_000, required="Choose numbers of this order.")
    day = Typed(day)
    reasons = Typed(reason)
    network = Typed(text, longest=32)


class AssignForm(FormSchema):
    """Who at the desk gets the selected transfers; 0 is nobody."""

    assignee = Id(CHOOSE)


class PlanForm(FormSchema):
    """What is done next with the selected transfers, and when."""

    next_step = Typed(text, longest=200)
    next_on = Typed(day)


class ViewForm(FormSchema):
    """The name of a saved view."""

    name = Typed(text, longest=60, required="Enter a name.")


class PortOutForm(FormSchema):
    """A request of another operator for a number of ours, and the day on which the number is to leave."""

    number = Typed(telephone, required="Enter the number.")
    operator = Typed(text)
    leaves_on = Typed(day)


class NoteForm(FormSchema):
    """A note for the next shift."""

    words = Typed(paragraphs, longest=1000, required="Write the note first.")


class ShiftForm(FormSchema.from_dict({f"day_{day}": fields.Boolean(load_default=False) for day in range(7)})):  # type: ignore[misc]
    """The weekdays (Monday is 0) and hours of a shift, and whether its person gets a mail in the morning."""

    morning_mail = fields.Boolean(load_default=False)
    begins = fields.Time(format="%H:%M", required=True, error_messages=_HOUR)
    ends = fields.Time(format="%H:%M", required=True, error_messages=_HOUR)


class TargetsForm(FormSchema.from_dict({target.value: _days() for target in Target})):  # type: ignore[misc]
    """Business days by target."""


class HintForm(FormSchema.from_dict({f"in_{language}": Typed(text, longest=_LONG_SENTENCE) for language in Language})):  # type: ignore[misc]
    """A hint about an old operator: its sentence in each language, of which English is needed."""

    provider = Typed(text, longest=100, required="Enter the provider’s name.")
    field = fields.String(load_default="", validate=validate.OneOf(ABOUT, error=CHOOSE))
    signs = Typed(text, longest=20)
    in_en = Typed(text, longest=_LONG_SENTENCE, required="Write it in English: everyone reads that who has no other.")


class CommentForm(FormSchema):
    """A comment on a transfer; `service/desk/comments.py` says how long it may be."""

    comment = Typed(paragraphs, longest=10_000)


class MessageForm(FormSchema):
    """A message to the customer."""

    message = Typed(paragraphs, longest=10_000)


class QuestionForm(FormSchema):
    """A question to the customer; the fields that it is about are boxes."""

    question = Typed(paragraphs, longest=10_000)


class OrderCommentForm(FormSchema):
    """A comment to the carrier's staff."""

    order_comment = Typed(paragraphs, longest=10_000)


class DayForm(FormSchema):
    """The day to which a transfer is to move, none for as soon as possible."""

    wished = Typed(day)


class CarrierForm(FormSchema):
    """The carrier to which a transfer is to move."""

    carrier = Typed(text, longest=32, required=CHOOSE)
