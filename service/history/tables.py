"""Texts in a table (CSV), as Quo (OpenPhone) and others export them, and as people make it themselves.

What the columns are is told by the words of their heading, in our four languages: exports change, and are hardly
documented.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Final

from service.history.entries import LONGEST_TEXT, MOST, Contents, Entry

_COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "aside": re.compile(r"\bids?\b|\buser\b|status|media|url|attachment|updated|\bread\b|tag"),
    "direction": re.compile(r"direction|riktning|dirección|sens\b|^type$|^typ$|^tipo$"),
    "sender": re.compile(r"^from\b|sender|^från|avsändare|^de\b|remitente|expéditeur"),
    "recipient": re.compile(r"^to\b|recipient|^till\b|mottagare|^para\b|destinatari|^à\b|destinataire"),
    "at": re.compile(r"date|time|\bsent\b|created|\bdatum|\btid\b|fecha|hora|heure"),
    "name": re.compile(r"name|namn|nombre|\bnom\b"),
    "number": re.compile(r"phone|number|contact|participant|nummer|telefon|teléfono|número|téléphone|numéro"),
    "text": re.compile(r"body|text|content|message|meddelande|mensaje|contenido|contenu"),
}
_IN: Final = re.compile(r"in|received|mottag|entra|recib|re[çc]u", re.IGNORECASE)
_OUT: Final = re.compile(r"out|sent|utg|skick|sali|envi|sort", re.IGNORECASE)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]")
_WANTED: Final = {"at", "text"}


def read_table(text: str) -> Contents | None:
    """The texts of a table; None if its first row does not say which columns are when, who, and what."""
    rows = _rows(text)
    columns = _columns(next(rows, []))
    if not columns.keys() >= _WANTED or not columns.keys() & {"sender", "recipient", "number"}:
        return None
    found = [_entry(row, columns) for row in rows if any(row)]
    whole = [one for one in found if one.text and one.at and (one.sender or one.recipient)]
    return Contents(whole[:MOST], len(found) - len(whole[:MOST]))


def _rows(text: str) -> Iterator[Sequence[str]]:
    """The rows, however their cells are separated. The longest cell is that which the standard library allows."""
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    return csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=separator)


def _columns(heading: Sequence[str]) -> dict[str, list[int]]:
    """The places of the columns by what they are: date and time may be two."""
    places: dict[str, list[int]] = {}
    for place, title in enumerate(heading):
        words = _HUMP.sub(" ", title.strip().lstrip("\ufeff")).lower()
        if kind := next((kind for kind, pattern in _COLUMNS.items() if pattern.search(words)), None):
            places.setdefault(kind, []).append(place)
    return places


def _entry(row: Sequence[str], columns: Mapping[str, list[int]]) -> Entry:
    def cell(kind: str) -> str:
        return next((row[place].strip() for place in columns.get(kind, []) if place < len(row)), "")

    direction, number = _direction(cell("direction")), cell("number")
    at = " ".join(row[place].strip() for place in columns["at"][:2] if place < len(row))
    return Entry(
        at=at,
        direction=direction,
        sender=cell("sender") or ("" if direction == "out" else number),
        recipient=cell("recipient") or (number if direction == "out" else ""),
        name=cell("name"),
        text=cell("text")[:LONGEST_TEXT],
    )


def _direction(said: str) -> str:
    if _OUT.match(said):
        return "out"
    return "in" if _IN.match(said) else ""
