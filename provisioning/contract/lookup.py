"""Number lookups in the registries of operators."""

from enum import StrEnum
from typing import Protocol


class LineKind(StrEnum):
    """What kind of line a number is, as its registry says. INTERNET is VoIP, with a fixed address or without."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    INTERNET = "internet"
    OTHER = "other"
    UNKNOWN = "unknown"


class Lookup(Protocol):
    """Looks numbers up. Every method may raise any `CarrierError`. Carriers charge for each lookup: keep the answer."""

    def operator_of(self, number: str) -> str:
        """The name of the operator of a number (E.164), as the registry writes it, or "" if unknown."""
        ...

    def kind_of(self, number: str) -> LineKind:
        """What kind of line a number (E.164) is."""
        ...
