"""The page of prices: the operator's text, and what this installation knows of costs by itself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from flask import Blueprint, render_template

from provisioning.contract.registration import BusinessKind
from service.operator_texts import Topic
from service.registration.fees import fees_of
from service.web.home.operator_words import operator_words
from service.web.home.portable import portable_countries
from service.web.registration.words import FEES
from service.web.shell.context import registers_itself, services

blueprint = Blueprint("prices", __name__)

_CENTS: Final = 100


@blueprint.get("/prices")
def show() -> str:
    """What the service costs, as far as it is known; and what is shown before it costs anything."""
    return render_template(
        "home/prices.html",
        words=operator_words(Topic.PRICES),
        number_price=services().settings.number_price,
        fees=_registration_fees(),
        from_countries=portable_countries(),
        to_countries=services().settings.countries,
    )


def _registration_fees() -> Sequence[tuple[str, Decimal]]:
    """What registering a usual business for texts costs, fee by fee in dollars; () where businesses do not register."""
    if not registers_itself():
        return ()
    known = fees_of(services(), services().home, BusinessKind.LOW_VOLUME)
    return [(FEES[fee], Decimal(cents) / _CENTS) for fee, cents in known.items()]
