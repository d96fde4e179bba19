"""Every form of the pages, as a schema: the only place where input is checked."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, validate

from provisioning.contract.porting import SubscriberKind
from service.accounts.models import Membership
from service.language import Language
from service.porting.checks import REQUIRED
from service.web.shell.fields import (
    Line,
    Secret,
    clock,
    day,
    email,
    identity,
    keys,
    named_telephones,
    place,
    reason,
    remaining,
    status,
    subscriber_id,
    telephone,
    telephones,
    text,
    wall_clock,
    zone,
)

_YOUR_ADDRESS: Final = "Enter your e-mail address."
_CHOOSE: Final = "Choose one of these."
_CONFIRM: Final = "Please confirm this."


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

    email = Line(email, longest=255, required=_YOUR_ADDRESS)
    business = Line(text, required="Enter the name of your business.")
    near = Line(place)
    zone = Line(zone)


class SignInForm(FormSchema):
    """Whom the code goes to."""

    email = Line(email, longest=255, required=_YOUR_ADDRESS)


class NameForm(FormSchema):
    """What the others call somebody."""

    name = Line(text, longest=100, required="Enter your name.")


class CodeForm(FormSchema):
    """The code from the mail, with or without blanks."""

    code = Line(text, longest=20, required="Enter the six digits from the mail.")


class ReplyForm(FormSchema):
    """A text to somebody, now or later; `seen` is the latest answer that whoever wrote it knew of."""

    text = Line(text, longest=1600)
    seen = fields.Integer(load_default=0, error_messages={"invalid": "Load the page again."})
    leaves_at = Line(wall_clock)


class NoteForm(FormSchema):
    """Something for the team alone."""

    note = Line(text, longest=4000, required="Write something first.")


class SavedReplyForm(FormSchema):
    """A reply that is written often."""

    title = Line(text, longest=60, required="Give it a title to find it by.")
    text = Line(text, longest=1600, required="Write something first.")


class ContactForm(FormSchema):
    """Who somebody is, and what the team knows of them."""

    name = Line(text)
    notes = Line(text, longest=4000)


class NewTextForm(FormSchema):
    """To whom a first text goes, in any spelling, and from which line."""

    number = Line(text, longest=40, required="Write the whole number, with its area code.")
    line = Line(identity)


class InboxSettingsForm(FormSchema):
    """How a line's inbox works."""

    in_turn = fields.Boolean(load_default=False)
    after_hours = fields.Boolean(load_default=False)
    after_hours_text = Line(text, longest=500)


class SnoozeForm(FormSchema):
    """Until when a conversation is put aside."""

    until = Line(wall_clock, required="Choose a time that is still to come.")


class AssignForm(FormSchema):
    """Who does it; empty for nobody."""

    assignee = Line(identity)


class LineForm(FormSchema):
    """A line and the phones that can ring on it."""

    name = Line(text, required="Give the line a name.")
    phones = Line(named_telephones, longest=2000)


class TryForm(FormSchema):
    """What happens if somebody calls: at a moment of the line's own clock, from a number, pressing keys."""

    when = Line(clock)
    caller = Line(telephone, longest=32)
    keys = Line(keys, longest=10)
    hidden = fields.Boolean(load_default=False)
    answered = fields.Boolean(load_default=False)


class NumberForm(FormSchema):
    """The number to bring along."""

    number = Line(telephone, longest=32, required="Enter the number you want to bring.")


class _Tick(fields.Boolean):
    """A box that must be ticked; one that is not is not even sent."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=validate.Equal(True, error=_CONFIRM),
            error_messages={"required": _CONFIRM, "invalid": _CONFIRM},
        )


class MemberForm(FormSchema):
    """What somebody may do in the workspace."""

    role = fields.Enum(
        Membership, by_value=True, required=True, error_messages={"required": _CHOOSE, "unknown": _CHOOSE}
    )


class InvitationForm(MemberForm):
    """Whom to invite."""

    email = Line(email, longest=255, required="Enter their e-mail address.")


class WayForm(FormSchema):
    """The address of a service that notices go to; a secret, so it is never shown again."""

    url = Secret(text, longest=500, required="Paste the address first.")


class HandOverForm(FormSchema):
    """Giving a workspace out of one's hands is confirmed."""

    sure = _Tick()


class ListForm(FormSchema):
    """Many numbers to bring along, one a line; a file may come with it."""

    list = Line(text, longest=100_000)


class AnswerForm(FormSchema):
    """What an old operator answered about numbers of an order done by hand."""

    status = Line(status, required=_CHOOSE)
    numbers = Line(telephones, longest=40_000, required="Choose numbers of this order.")
    day = Line(day)
    reasons = Line(reason)
    network = Line(text, longest=32)


class SignForm(FormSchema):
    """A signature: the name typed, perhaps a drawing with it."""

    signer = Line(text, required="Write your name.")
    drawing = fields.String(load_default="", validate=validate.Length(max=400_000))
    agreed = _Tick()


class AgreeForm(FormSchema):
    """The statements that are ticked before a port is filed."""

    keep_service = _Tick()
    other_services = _Tick()
    fees = _Tick()
    authority = _Tick()


PORT_FIELDS: Final[Mapping[str, fields.Field[Any]]] = {
    "subscriber_kind": fields.Enum(
        SubscriberKind, by_value=True, required=True, error_messages={"unknown": _CHOOSE, "required": _CHOOSE}
    ),
    "subscriber_name": Line(text, required=REQUIRED["subscriber_name"]),
    "authorized_person": Line(text, required=REQUIRED["authorized_person"]),
    "authorized_email": Line(email, longest=255, required=REQUIRED["authorized_email"]),
    "street": Line(text, required=REQUIRED["street"]),
    "street2": Line(text),
    "city": Line(text, required=REQUIRED["city"]),
    "region": Line(text, longest=50, required=REQUIRED["region"]),
    "postal_code": Line(text, longest=20, required=REQUIRED["postal_code"]),
    "account_number": Secret(text),
    "pin": Secret(text, longest=32),
    "billing_number": Line(telephone, longest=32),
    "contact_number": Line(telephone, longest=32),
    "contact_email": Line(email, longest=255, required=REQUIRED["contact_email"]),
    "wished": Line(day),
    "subscriber_id": Secret(subscriber_id, longest=20),
    "remaining": Line(remaining),
    "new_billing_number": Line(telephone, longest=32),
}
"""What is asked about the number at its old operator; the steps of the form and the fix page pick from it."""


_DEMANDED: Final[Mapping[str, fields.Field[Any]]] = {
    "account_number": Secret(text, required="Enter the account number as it stands on the bill."),
    "pin": Secret(text, longest=32, required="Enter the transfer PIN that your old operator gave you."),
    "billing_number": Line(telephone, longest=32, required="Enter the main number of the account."),
    "subscriber_id": Secret(subscriber_id, longest=20, required="Enter the organisation number of the holder."),
}
"""Questions that can be left open, unless the old operator has objected to the answer or wants one."""


def port_form(names: Iterable[str], demanded: Collection[str] = ()) -> Schema:
    """A form with some of the questions about a port; those `demanded` must be answered."""
    return FormSchema.from_dict(
        {name: _DEMANDED[name] if name in demanded and name in _DEMANDED else PORT_FIELDS[name] for name in names}
    )()
