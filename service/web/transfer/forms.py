"""Forms about a transfer."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from marshmallow import Schema, fields, validate

from provisioning.contract.porting import SubscriberKind
from service.porting.checks import REQUIRED
from service.web.shell.fields import (
    CHOOSE,
    Secret,
    Typed,
    day,
    email,
    paragraphs,
    remaining,
    subscriber_id,
    telephone,
    text,
)
from service.web.shell.form import FormSchema, Tick


class NumberForm(FormSchema):
    """The number to transfer."""

    number = Typed(telephone, longest=100, required="Enter the number you want to bring.")


class ListForm(FormSchema):
    """Numbers to transfer, one a line. A file may come with them."""

    list = Typed(paragraphs, longest=100_000)


class SignForm(FormSchema):
    """A signature: the typed name, and perhaps a drawing (a PNG as a data: URL)."""

    signer = Typed(text, required="Write your name.")
    drawing = fields.String(load_default="", validate=validate.Length(max=400_000))
    agreed = Tick()


class AgreeForm(FormSchema):
    """The statements to tick before a port is filed."""

    keep_service = Tick()
    other_services = Tick()
    fees = Tick()
    authority = Tick()


PORT_FIELDS: Final[Mapping[str, fields.Field[Any]]] = {
    "subscriber_kind": fields.Enum(
        SubscriberKind, by_value=True, required=True, error_messages={"unknown": CHOOSE, "required": CHOOSE}
    ),
    "subscriber_name": Typed(text, required=REQUIRED["subscriber_name"]),
    "authorized_person": Typed(text, required=REQUIRED["authorized_person"]),
    "authorized_email": Typed(email, longest=255, required=REQUIRED["authorized_email"]),
    "street": Typed(text, required=REQUIRED["street"]),
    "street2": Typed(text),
    "city": Typed(text, required=REQUIRED["city"]),
    "region": Typed(text, longest=50, required=REQUIRED["region"]),
    "postal_code": Typed(text, longest=20, required=REQUIRED["postal_code"]),
    "account_number": Secret(text),
    "pin": Secret(text, longest=32),
    "billing_number": Typed(telephone, longest=100),
    "contact_number": Typed(telephone, longest=100),
    "contact_email": Typed(email, longest=255, required=REQUIRED["contact_email"]),
    "wished": Typed(day),
    "subscriber_id": Secret(subscriber_id, longest=20),
    "remaining": Typed(remaining),
    "new_billing_number": Typed(telephone, longest=100),
}
"""Every question about a number at its old operator. Steps and the fix page ask some of them."""


_DEMANDED: Final[Mapping[str, fields.Field[Any]]] = {
    "account_number": Secret(text, required="Enter the account number as it stands on the bill."),
    "pin": Secret(text, longest=32, required="Enter the transfer PIN that your old operator gave you."),
    "billing_number": Typed(telephone, longest=100, required="Enter the main number of the account."),
    "subscriber_id": Secret(subscriber_id, longest=20, required="Enter the organisation number of the holder."),
}
"""The same questions where the old operator wants an answer, or has objected to the one it got."""


def port_form(names: Iterable[str], demanded: Collection[str] = ()) -> Schema:
    """A form with some of the questions about a port. Those `demanded` must be answered."""
    return FormSchema.from_dict(
        {name: _DEMANDED[name] if name in demanded and name in _DEMANDED else PORT_FIELDS[name] for name in names}
    )()
