"""The fields of a port request, and their checks. https://www.twilio.com/docs/phone-numbers/port-in/port-in-request-api."""

from collections.abc import Mapping
from datetime import date
from itertools import chain

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from sandbox.errors import Refusal

E164 = validate.Regexp(r"^\+[1-9]\d{6,14}$")
FILLED = validate.Length(min=1)
MOST_NUMBERS = 1000


def _sid(prefix: str) -> validate.Regexp:
    return validate.Regexp(rf"^{prefix}[0-9a-fA-F]{{32}}$")


class PostalAddress(Schema):
    """The service address at the losing carrier."""

    street = fields.Str(required=True, validate=FILLED)
    street_2 = fields.Str(allow_none=True)
    city = fields.Str(required=True, validate=FILLED)
    state = fields.Str(required=True, validate=FILLED)
    zip = fields.Str(required=True, validate=FILLED)
    country = fields.Str(required=True, validate=FILLED)


class LosingCarrier(Schema):
    """The customer as the losing carrier knows them."""

    customer_name = fields.Str(required=True, validate=FILLED)
    customer_type = fields.Str(validate=validate.OneOf(["Business", "Individual"]))
    account_number = fields.Str()
    account_telephone_number = fields.Str(validate=E164)
    authorized_representative = fields.Str(required=True, validate=FILLED)
    authorized_representative_email = fields.Email(required=True)
    authorized_representative_katakana = fields.Str()
    sub_municipality = fields.Str()
    building = fields.Str()
    katakana_name = fields.Str()
    address_sid = fields.Str(validate=_sid("AD"))
    address = fields.Nested(PostalAddress)

    @validates_schema
    def _one_address(self, data: Mapping[str, object], **_: object) -> None:
        if ("address" in data) == ("address_sid" in data):
            message = "One of address and address_sid is needed."
            raise ValidationError(message, "address")


class WantedNumber(Schema):
    """A number to port."""

    phone_number = fields.Str(required=True, validate=E164)
    pin = fields.Str(allow_none=True, load_default="")


class PortInCreate(Schema):
    """The body that creates a port request."""

    account_sid = fields.Str(required=True, validate=_sid("AC"))
    documents = fields.List(fields.Str(validate=_sid("RD")), required=True, validate=FILLED)
    phone_numbers = fields.List(
        fields.Nested(WantedNumber), required=True, validate=validate.Length(min=1, max=MOST_NUMBERS)
    )
    losing_carrier_information = fields.Nested(LosingCarrier, required=True)
    notification_emails = fields.List(fields.Email(), allow_none=True)
    target_port_in_date = fields.Date(allow_none=True)
    target_port_in_time_range_start = fields.Str(allow_none=True)
    target_port_in_time_range_end = fields.Str(allow_none=True)
    bundle_sid = fields.Str(allow_none=True, validate=_sid("BU"))
    portability_advance_carrier = fields.Str(allow_none=True)
    auto_cancel_approval_numbers = fields.Str(allow_none=True)


def check(body: Mapping[str, object], earliest: date) -> dict[str, object]:
    """Check and clean the body. Raises `Refusal` that names the wrong fields, never their values."""
    try:
        clean: dict[str, object] = PortInCreate().load(body)
    except ValidationError as wrong:
        raise _refusal(wrong.messages_dict) from None
    wished = clean.get("target_port_in_date")
    if isinstance(wished, date) and wished < earliest:
        raise Refusal(22171, f"target_port_in_date must not be before {earliest}.")
    return clean


def _refusal(messages: Mapping[str, object]) -> Refusal:
    wrong = sorted(_paths(messages, ""))
    if wrong[0].startswith("phone_numbers.") and wrong[0].endswith(".phone_number"):
        return Refusal(22172, "Phone numbers must be in E.164 format and from one country.")
    if "losing_carrier_information.address_sid" in wrong:
        return Refusal(22173, "The Address SID is invalid.")
    return Refusal(22171, f"Missing or invalid fields: {', '.join(wrong)}.")


def _paths(messages: Mapping[str, object], parent: str) -> list[str]:
    deeper = (
        _paths(nested, f"{parent}{name}.") if isinstance(nested, Mapping) else [f"{parent}{name}"]
        for name, nested in messages.items()
    )
    return list(chain.from_iterable(deeper))
