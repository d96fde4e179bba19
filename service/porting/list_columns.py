"""The columns of a list that say on which account at which old operator each number is, and the account's PIN."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from service.plain_text import plain

_LONGEST: Final = 100
"""Characters of an account number or of an operator's name, as on the form."""

_PIN: Final = "pin"

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
    _PIN: {
        "pin",
        "transfer pin",
        "port-out pin",
        "pin code",
        "pin-kod",
        "nip",
        "pin de transferencia",
        "pin de transfert",
    },
}
"""How people head the column of the PIN and of each field of `OldAccount`, in small letters."""


class OldAccount(NamedTuple):
    """An account at an old operator as a list names it, "" for what it does not say."""

    number: str = ""
    operator: str = ""


def columns_of(heading: Sequence[str]) -> Mapping[str, int]:
    """Where the PIN and the fields of `OldAccount` stand, by a list's heading."""
    names = [plain(cell[:_LONGEST]).casefold().strip(" .:#") for cell in heading]
    return {field: at for field, known in _HEADINGS.items() for at, name in enumerate(names) if name in known}


def account_in(cells: Sequence[str], columns: Mapping[str, int]) -> OldAccount:
    """The account that stands in a row."""
    return OldAccount(**{field: _cell(cells, at) for field, at in columns.items() if field != _PIN})


def pin_in(cells: Sequence[str], columns: Mapping[str, int]) -> str:
    """The PIN that stands in a row, "" if none does."""
    return _cell(cells, columns[_PIN]) if _PIN in columns else ""


def _cell(cells: Sequence[str], at: int) -> str:
    return " ".join(plain(cells[at][:_LONGEST]).split()) if at < len(cells) else ""
