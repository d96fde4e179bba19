"""Reads a carrier's price list, a file in its folder."""

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Final

from provisioning.contract.porting import NumberKind
from provisioning.contract.prices import Prices, Rate

_OF_A_RATE: Final = ("segment", "pictures", "minute")


def read_prices(folder: str) -> Prices:
    """Read `prices.toml` of a folder, which is named as a package."""
    kept = tomllib.loads(files(folder).joinpath("prices.toml").read_text())
    rates = {prefix: Rate(*(Decimal(row[name]) for name in _OF_A_RATE)) for prefix, row in kept["rates"].items()}
    months = {NumberKind(kind): Decimal(price) for kind, price in kept["months"].items()}
    detection = Decimal(kept["detection"]) if "detection" in kept else None
    return Prices(kept["source"], kept["read_on"], kept["currency"], rates, months, detection)
