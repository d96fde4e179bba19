"""Calls to emergency services from a page: who answers sees the address of the number that calls, and sends help there.

They are put through where such an address stands, the carrier takes them, and an operator has switched it on after a
trial. Nothing else decides: no cap, no limit, no pause of the workspace. Everywhere else stands what to dial instead.
A phone that could ring first is not offered: it can dial for itself, and then tells where it really is.
"""

from typing import Final

import phonenumbers
from phonenumbers import shortnumberinfo
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallOutcome, Event, RingEnded
from provisioning.contract.voice import CallStep, HangUp
from service.calls.words import say
from service.config import Settings
from service.errors import Invalid, Sentence
from service.language import Language
from service.lines.inventory import numbers_of
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.phone_numbers import is_dialable
from service.services import Services
from service.spending.destinations import country_of

REFUSED: Final = "You can’t call emergency services from here. Dial {number} on a mobile phone or landline."
_KNOWN: Final = ("911", "112", "999")
"""What people dial for help in most countries."""

HELP_SECONDS: Final = 180
"""So long do emergency services ring: all who answer there may be on other calls."""


def emergency_number(typed: str, country: str, settings: Settings) -> str:
    """The digits of what reaches emergency services in a country (ISO 3166), or is known for that; "" for all else."""
    digits = phonenumbers.normalize_digits_only(typed)
    known = shortnumberinfo.is_emergency_number(digits, country) or digits in {*_KNOWN, *settings.emergency_calls}
    return digits if known else ""


def must_be_no_emergency(typed: str, country: str, settings: Settings) -> None:
    """Raise `Invalid` for what reaches emergency services, with what to dial instead."""
    if digits := emergency_number(typed, country, settings):
        raise refused(digits, country)


def refused(digits: str, country: str) -> Invalid:
    """The refusal of an emergency number, which says what to dial instead."""
    return Invalid({"number": [Sentence(REFUSED, number=dialed_in(country, digits))]})


def dialed_in(country: str, digits: str) -> str:
    """What people in a country (ISO 3166) dial who want what `digits` reach, perhaps in another country."""
    if shortnumberinfo.is_emergency_number("911", country):
        return "911"
    return digits if shortnumberinfo.is_emergency_number(digits, country) else "112"


def number_to_help(session: Session, services: Services, line_id: int, digits: str) -> PhoneNumber | None:
    """The number of a line from which these digits can be called, or None: help would be sent nowhere, or none come."""
    if digits not in services.settings.emergency_calls:
        return None
    return next((one for one in numbers_of(session, line_id) if _is_helped(services, one, digits)), None)


def _is_helped(services: Services, number: PhoneNumber, digits: str) -> bool:
    """Whether calls to these digits are taken from a number, and bring help: it is neither still coming nor leaving."""
    is_here = number.standing is Standing.HELD and number.role is not NumberRole.ARRIVING and not number.released_at
    emergency = services.network(number.carrier).emergency
    takes = emergency.numbers.get(country_of(number.number), frozenset()) if emergency else frozenset()
    return is_here and number.emergency_address != "" and digits in takes


def is_emergency(contact: str) -> bool:
    """Whether a call out to this contact is one to emergency services: no other is to less than a whole number."""
    return not is_dialable(contact)


def after_ringing(event: Event, contact: str, country: str, language: Language) -> list[CallStep]:
    """What follows once emergency services have rung: if nobody was reached, what to dial instead is said."""
    if isinstance(event, RingEnded) and event.outcome is CallOutcome.ANSWERED:
        return [HangUp()]
    return [say("no_help", language, number=" ".join(dialed_in(country, contact))), HangUp()]
