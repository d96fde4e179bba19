"""Reads a carrier's price list: a file in its folder, or one of the operator's with the prices of their account."""

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Final

from provisioning.contract.porting import NumberKind
from provisioning.contract.prices import Prices, Rate

_OF_A_RATE: Final = ("segment", "pictures", "minute")


def read_prices(folder: str) -> Prices:
    """Read `prices.toml` of a folder, which is named as a package."""
    return _read(files(folder).joinpath("prices.toml").read_text())


def read_prices_of_account(path: str) -> Prices:
    """Read a file of the same form as `prices.toml`. Raises `ValueError` where it cannot be read."""
    try:
        return _read(Path(path).read_text())
    except (OSError, ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a price list: {type(error).__name__}") from error


def _read(text: str) -> Prices:
    kept = tomllib.loads(text)
    rates = {prefix: Rate(*(Decimal(row[name]) for name in _OF_A_RATE)) for prefix, row in kept["rates"].items()}
    months = {NumberKind(kind): Decimal(price) for kind, price in kept["months"].items()}
    detection = Decimal(kept["detection"]) if "detection" in kept else None
    return Prices(kept["source"], kept["read_on"], kept["currency"], rates, months, detection)
