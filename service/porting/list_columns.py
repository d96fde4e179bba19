"""The columns of a list that say on which account at which old operator each number is."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from service.plain_text import plain

_LONGEST: Final = 100
"""Characters of an account number or of an operator's name, as on the form."""

_HEADINGS: Final[Mapping[str, AbstractSet[str]]] = {
    "number": {
        "account",
        "account number",
        "account no",
        "acct",
        "kundnummer",
        "kundnr",
        "konto",
        "cuenta",
        "número de cuenta",
        "compte",
        "numéro de compte",
    },
    "operator": {"operator", "carrier", "provider", "operatör", "operador", "opérateur", "fournisseur"},
}
"""How people head the column of each field of `OldAccount`, in small letters."""


class OldAccount(NamedTuple):
    """An account at an old operator as a list names it, "" for what it does not say."""

    number: str = ""
    operator: str = ""


def columns_of(heading: Sequence[str]) -> Mapping[str, int]:
    """Where the fields of `OldAccount` stand, by a list's heading."""
    names = [plain(cell[:_LONGEST]).casefold().strip(" .:#") for cell in heading]
    return {field: at for field, known in _HEADINGS.items() for at, name in enumerate(names) if name in known}


def account_in(cells: Sequence[str], columns: Mapping[str, int]) -> OldAccount:
    """The account that stands in a row."""
    return OldAccount(
        **{field: " ".join(plain(cells[at][:_LONGEST]).split()) for field, at in columns.items() if at < len(cells)}
    )
