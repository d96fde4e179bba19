"""What the pages call kinds and roles of numbers."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from provisioning.contract.porting import NumberKind
from service.lines.kinds import kind_of
from service.lines.models import NumberRole, PhoneNumber

_KINDS: Final[Mapping[NumberKind, str]] = {
    NumberKind.LOCAL: "Local number",
    NumberKind.MOBILE: "Mobile number",
    NumberKind.TOLL_FREE: "Toll-free number",
}

_ROLES: Final[Mapping[NumberRole, str]] = {
    NumberRole.TEMPORARY: "Temporary",
    NumberRole.ADDITIONAL: "Yours to keep",
    NumberRole.ARRIVING: "Arriving",
    NumberRole.PRIMARY: "Your number",
    NumberRole.RETIRING: "Still answering",
}


def kind_name(number: str) -> str:
    """The kind of a number (E.164)."""
    return kind_title(kind_of(number))


def kind_title(kind: NumberKind) -> str:
    """The name of a kind of number."""
    return str(gettext(_KINDS[kind]))


def role_name(number: PhoneNumber) -> str:
    """What a number is on its line."""
    return str(gettext(_ROLES[number.role]))
