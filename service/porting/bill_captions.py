"""Captions of the dates on a bill, in four languages: which date is the bill's own, and which is another.

The words stand as `without_accents` leaves them: in small letters, English, Swedish, Spanish, then French.
"""

import re
from enum import Enum, auto
from typing import Final


class Meaning(Enum):
    """What a date on a bill is, as far as its caption tells."""

    BILLED = auto()
    UNKNOWN = auto()
    PERIOD = auto()
    OTHER = auto()


_BILL: Final = r"(?:bill|billing|statement|invoice|issue)"
_FACTURA: Final = r"(?:la |el |del )?(?:factura|facturacion|emision|expedicion|estado de cuenta|corte)"
_FACTURE: Final = r"(?:la |l')?(?:facture|facturation|emission|releve)"
_BARE: Final = (
    # a list of calls has the time beside the date
    r"(?:^|(?<=[^\S\n]{2}))[^\S\n]*(?:datum|fecha|date)(?=[^\S\n]*(?::|$)|[^\S\n]{2,}(?!time|tid|kl|hora|heure))"
)
"""The word "date" alone, at the beginning of a line or column."""

_WORDS: Final = {
    Meaning.OTHER: (
        r"due|date due|pay(?:ments?|able)?|paid|autopay|debit(?:ed)?|late (?:fees?|charge)|prices?|rates?|tax(?:es)?"
        r"|effective|effect|since|contract|agreement|plan (?:began|started)|expires?|renew(?:s|ed|al)?|birth"
        r"|born|meeting|forfall\w*|(?:in)?betal\w*|tillhanda|pris(?:er|and)\w*|galler|bindningstid|avtal|kund sedan"
        r"|startade|dras?|drar|drojsmal\w*|fodd"
        r"|vence|vencimiento|cargo|carga(?:do|ra)|paga\w*|pagos?|pague\w*|domiciliacion|permanencia|compromiso|alta"
        r"|precios?|tarifas?|contrato|miembro|desde|a partir del?|limite|nacid[ao]"
        r"|echeance|payer|paiements?|preleve\w*|prelevements?|engagement|entente|contrat|tarifs?|prix|hausse|vigueur"
        r"|depuis|a partir du|nee? le"
    ),
    Meaning.PERIOD: (
        r"period\w*|cycle|ciclo|service dates?|services? (?:from|rendered)|subscription|charges (?:for|up to)|from"
        r"|avser|avseende|fran|cargos|consumos?|del(?= \d)|abonnement|services? mensuels|du(?= \d)"
    ),
    Meaning.BILLED: (
        rf"{_BILL} ?(?:date|day)|date (?:of (?:the )?)?(?:{_BILL}|issued|billed|invoiced)|issued(?: on)?|dated"
        rf"|{_BILL} (?:(?:no|number|#)\S{0, 9} ?\S{1, 30} )?of(?=\s*$)|summary as of"
        r"|faktura(?:ns )?dat(?:um)?|fakturada\w+|faktureringsda\w+|fakt\.? ?dat\w*|utskriftsdatum|utfardad|utstalld"
        r"|faktura fran"
        rf"|fecha (?:de )?{_FACTURA}|emitid[ao]|expedid[ao]"
        rf"|date (?:de |d')?{_FACTURE}|emise? le|etablie? le|facture (?:n\S{0, 9} ?\S{1, 30} )?du"
    ),
}
_CAPTION: Final = re.compile(
    "|".join(rf"\b(?P<{meaning.name}>{words})\b" for meaning, words in _WORDS.items()) + f"|(?P<bare>{_BARE})",
    re.MULTILINE,
)
_OF_ANOTHER_BILL: Final = re.compile(
    r"\b(?:previous|prior|last|next|forega\w+|forra|nasta|senaste|anterior|ultim[ao]|proxim[ao]"
    r"|precedente?|dernier\w*|prochaine?)\b"
)
_ARTICLES: Final = re.compile(r"\W*(?:on|the|den|el|le)?\W*")

_CELL_ENDS: Final = re.compile(r"\n|[^\S\n]{2,}|[\t|;]|(?<=[a-z]{3})\.[^\S\n]|\d[.,]\d\d\b")
"""What ends a caption: the end of a line or sentence, a wide gap, an amount."""


def captions(text: str) -> list[Meaning]:
    """What the captions in a text say, in their order; a bill's date beside "previous" is not of this bill."""
    found = list(_CAPTION.finditer(text))
    starts, ends = [match.start() for match in found], [match.end() for match in found]
    around = [
        _cells(text[before:start])[-1] + text[start:end] + _cells(text[end:after])[0]
        for before, start, end, after in zip([0, *ends], starts, ends, [*starts[1:], len(text)], strict=False)
    ]
    return [
        Meaning.OTHER if _OF_ANOTHER_BILL.search(words) else _meaning(match)
        for match, words in zip(found, around, strict=True)
    ]


def caption_before(text: str) -> Meaning | None:
    """What the text before a date, on its line, calls it: the last caption of its last words; None if it has none."""
    worded = [cell for cell in _cells(text) if not _is_wordless(cell)]
    if not worded:
        return None
    found = captions(worded[-1])
    # "prices change from": what starts on a day is no period
    telling = [meaning for meaning in found if meaning is not Meaning.PERIOD] or found
    if not telling and _OF_ANOTHER_BILL.search(worded[-1]):
        return Meaning.OTHER
    return telling[-1] if telling else None


def is_wordless(text: str) -> bool:
    """Whether no words stand before a date on its line, so that its caption may stand above or below."""
    return all(map(_is_wordless, _cells(text)))


def _is_wordless(cell: str) -> bool:
    return _ARTICLES.fullmatch(cell) is not None or not re.search("[a-z]", cell)


def _cells(text: str) -> list[str]:
    return _CELL_ENDS.split(text)


def _meaning(match: re.Match[str]) -> Meaning:
    name = match.lastgroup or ""
    return Meaning.BILLED if name == "bare" else Meaning[name]
