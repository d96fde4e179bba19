"""What calls and texts cost by the carrier's price list, as far as it can be known before they are made."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from provisioning.contract.prices import Prices
from service.phone_numbers import without_extension

RESERVED: Final = 10
"""Minutes that a call counts while it goes on; those that it took once it is over."""


def text_cost(prices: Prices, recipient: str, segments: int, *, pictures: bool = False) -> Decimal:
    """What a text to a number (E.164) costs."""
    rate = prices.rate(recipient)
    return rate.pictures if pictures else rate.segment * segments


def call_cost(prices: Prices, dialed: Iterable[str], minutes: int) -> Decimal:
    """What a call costs that rings these numbers (E.164, perhaps with extensions), each a leg of its own."""
    return sum((prices.rate(without_extension(one)).minute * minutes for one in dialed), Decimal(0))
