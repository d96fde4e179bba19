"""Forms of numbers."""

import re
from typing import Final

from marshmallow import ValidationError, fields, validate

from provisioning.contract.numbers import Sought
from provisioning.contract.porting import NumberKind
from service.lines.kinds import is_toll_free_area
from service.web.shell.fields import CHOOSE, Typed, area_code, identity, text
from service.web.shell.form import FormSchema

COUNTRIES: Final = ("US", "CA")
"""Countries (ISO 3166) in which further numbers are searched."""

KINDS: Final = (NumberKind.LOCAL, NumberKind.TOLL_FREE)

_PATTERN: Final = re.compile(r"[0-9A-Za-z]{2,10}")
_NO_PATTERN: Final = "Enter 2 to 10 digits or letters, like 2253 or CAKE."


def digits_or_word(typed: str) -> str:
    """Digits or letters of the keys, without blanks and dashes, or ""."""
    wanted = re.sub(r"[\s().-]", "", typed)
    if wanted and not _PATTERN.fullmatch(wanted):
        raise ValidationError([_NO_PATTERN])
    return wanted.upper()


class SearchForm(FormSchema):
    """What kind of number is wanted, and where."""

    kind = fields.String(load_default=NumberKind.LOCAL, validate=validate.OneOf(KINDS, error=CHOOSE))
    country = fields.String(load_default="US", validate=validate.OneOf(COUNTRIES, error=CHOOSE))
    area = Typed(area_code)
    town = Typed(text, longest=60)
    contains = Typed(digits_or_word)


class BuyForm(FormSchema):
    """The line a number is for, empty for a new one, which gets a name."""

    line = Typed(identity)
    name = Typed(text)


class NumberForm(FormSchema):
    """What the team calls a number, and its line."""

    name = Typed(text, longest=60)
    line = Typed(identity)


def sought(form_data: dict[str, str]) -> Sought:
    """What the search form asks for. An area code of toll-free numbers makes it a search for those."""
    kind = NumberKind.TOLL_FREE if is_toll_free_area(form_data["area"]) else NumberKind(form_data["kind"])
    town = "" if kind is NumberKind.TOLL_FREE else form_data["town"]
    return Sought(form_data["country"], kind, form_data["area"], town, form_data["contains"])
