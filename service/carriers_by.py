"""What decides between carriers that can all take a number."""

from enum import StrEnum


class CarriersBy(StrEnum):
    """Their ORDER in the settings, or the COST of a number a month."""

    ORDER = "order"
    COST = "cost"
