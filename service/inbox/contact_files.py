"""Contacts in the files that phones and address books export: vCard, and tables with a heading (CSV or a workbook)."""

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.plain_text import plain

Row = tuple[int, Sequence[str]]
"""The line on which a row begins, counted from one, and its cells."""


@dataclass(frozen=True, slots=True)
class Card:
    """A contact as a file has it, with one of its numbers in any spelling; `line` is where it begins, from one."""

    line: int
    number: str
    name: str = ""
    company: str = ""
    email: str = ""
    notes: str = ""


# columns of Google Contacts, Outlook and iCloud, and what people write themselves, in our four languages
_COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "aside": re.compile(
        r"\b(type|typ|tipo|label|fax|photo|yomi|phonetic|middle|prefix|suffix|manager|assistant|spouse)\b"
    ),
    "email": re.compile(r"e-?mail|e-?post|correo|courriel"),
    "number": re.compile(
        r"phone|mobile|\bcell|\btel\b|telefon|mobil|móvil|celular|téléphone|number|nummer|número|numéro"
    ),
    "company": re.compile(r"company|organi[sz]ation|business|företag|empresa|entreprise|société"),
    "notes": re.compile(r"\bnotes?\b|anteckning|\bnotas?\b|comment"),
    "first": re.compile(r"first name|given name|förnamn|prénom"),
    "last": re.compile(r"last name|family name|surname|efternamn|apellido|nom de famille"),
    "name": re.compile(r"\b(name|namn|nombre|nom|contact)\b"),
}
_BETWEEN_NUMBERS: Final = " ::: "
"""Between several values of one cell, as Google Contacts writes them."""

_BEGIN: Final = "BEGIN:VCARD"
_FIELDS: Final = {"FN": "name", "ORG": "company", "EMAIL": "email", "NOTE": "notes"}
_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


def is_vcard(text: str) -> bool:
    """Whether a file is a vCard (https://www.rfc-editor.org/rfc/rfc6350#section-6.1.1)."""
    return text.lstrip("\ufeff \r\n\t")[: len(_BEGIN)].upper() == _BEGIN


def cards_of_table(rows: Iterable[Row]) -> Iterator[Card]:
    """The contacts of a table, one for each number. The first row names the columns; without a number it has none."""
    rows = iter(rows)
    columns = _columns(next(rows, (0, ()))[1])
    for line, cells in rows:
        found = _by_column(cells, columns)
        name = _first(found, "name") or " ".join(filter(None, (_first(found, "first"), _first(found, "last"))))
        known = {which: _first(found, which) for which in ("company", "email", "notes")}
        for number in found.get("number", [""] if name or any(known.values()) else []):
            yield Card(line, number, name, **known)


def cards_of_vcard(text: str) -> Iterator[Card]:
    """The contacts of a vCard of version 2.1, 3 or 4, one for each number."""
    line, numbers, known = 0, list[str](), dict[str, str]()
    for place, name, value in _properties(text):
        if (name, value.upper()) == ("BEGIN", "VCARD"):
            line, numbers, known = place, [], {}
        elif name == "TEL":
            numbers.append(value.removeprefix("tel:"))
        elif name in _FIELDS:
            known.setdefault(_FIELDS[name], value)
        elif name == "N":
            known.setdefault("parts", value)
        elif (name, value.upper()) == ("END", "VCARD") and line:
            parts = known.pop("parts", "").split(";")
            known["name"] = known.get("name") or " ".join(filter(None, (*parts[1:2], *parts[:1])))
            known["company"] = known.get("company", "").partition(";")[0]
            yield from (Card(line, number, **known) for number in numbers or [""])


def _columns(heading: Sequence[str]) -> list[str]:
    """What stands in each column: a field of `Card`, "first", "last", or "aside"."""
    names = (plain(cell).casefold() for cell in heading)
    return [next((what for what, named in _COLUMNS.items() if named.search(name)), "aside") for name in names]


def _by_column(cells: Sequence[str], columns: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for what, cell in zip(columns, cells, strict=False):
        values = cell.split(_BETWEEN_NUMBERS) if what == "number" else [cell]
        found.setdefault(what, []).extend(value.strip() for value in values if value.strip())
    return {what: values for what, values in found.items() if values}


def _first(found: Mapping[str, Sequence[str]], what: str) -> str:
    return found.get(what, [""])[0]


def _properties(text: str) -> Iterator[tuple[int, str, str]]:
    """Each property: its line, its name without group, and its value, decoded."""
    for place, line in _unfolded(text):
        head, _, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        if any("QUOTED-PRINTABLE" in parameter for parameter in parameters):
            value = quopri.decodestring(value.encode()).decode(errors="replace")
        yield place, name.rpartition(".")[2].strip(), _ESCAPED.sub(_unescaped, value).strip()


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines as they were before they were folded: a blank, or a quoted-printable `=` at the end, continues one."""
    begun, parts, printable = 0, list[str](), False
    for place, line in enumerate(text.splitlines(), 1):
        soft = printable and parts and parts[-1].endswith("=")
        if soft:
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
        else:
            if parts:
                yield begun, "".join(parts)
            begun, parts, printable = place, [line], "QUOTED-PRINTABLE" in line.upper()
    if parts:
        yield begun, "".join(parts)
