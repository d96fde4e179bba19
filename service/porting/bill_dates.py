"""The day of a bill, among the many days that stand on one: each is known by the caption before, above or below it."""

import re
from datetime import date
from itertools import takewhile
from typing import Final

from service.porting.bill_captions import Meaning, caption_before, captions, is_wordless
from service.porting.spelling import without_accents
from service.porting.written_dates import WrittenDate, dates_in, without_weekdays

_AMOUNT: Final = re.compile(r"\b(?:total|amount|balance) due\b(?! (?:by|on|date))")
"""A caption of an amount that would read as that of a date."""

_UNTIL: Final = re.compile(
    r"\s*(?:--?|to|till|through|thru|t\.? ?o\.? ?m\.?|au|al?|y el|et le|and)\s*(?:den|el|le)?\s*"
)
"""What stands between the two ends of a period."""

_TILES: Final = re.compile("(?<!C)(?:DC)+(?!D)")
"""Lines of dates (D), each above its caption (C): what begins with a caption or ends with a date is the other way."""

_WIDE_GAP: Final = re.compile(r"[^\S\n]{3,}")
_LINES_ABOVE: Final = 8
_LONGEST_ROW: Final = 12
"""So many dates at most share the captions of one row or column."""


def billed_on(bill: str, today: date, country: str) -> date | None:
    """The day a bill (its text) says it is of, else the latest day on it that has come and is not of something else.

    None where it has none. `country` (ISO) tells in which order its operator writes day and month.
    """
    text = _WIDE_GAP.sub("  ", without_weekdays(_AMOUNT.sub("total", without_accents(bill))))
    dates = dates_in(text, today, country)
    text = _on_one_line(text, dates)
    come = [(one.day, meaning) for one, meaning in zip(dates, _meanings(text, dates), strict=True) if one.day <= today]
    said = [day for day, meaning in come if meaning is Meaning.BILLED]
    unknown = [day for day, meaning in come if meaning is Meaning.UNKNOWN]
    period = [day for day, meaning in come if meaning is Meaning.PERIOD]
    first = said or unknown
    return first[0] if first else max(period, default=None)


def _on_one_line(text: str, dates: list[WrittenDate]) -> str:
    """The text with no line break inside a date; every place in it stays the same."""
    letters = list(text)
    for one in dates:
        letters[one.start : one.end] = text[one.start : one.end].replace("\n", " ")
    return "".join(letters)


def _meanings(text: str, dates: list[WrittenDate]) -> list[Meaning]:
    """What each date is: by the caption below, else before it on its line, else by those above, in their order."""
    below = _below(text, dates)
    gaps = _gaps(text, dates)
    meanings: list[Meaning] = []
    above: list[Meaning] = []
    for place, gap in enumerate(gaps):
        if place in below:
            meanings.append(below[place])
        elif place and _UNTIL.fullmatch(gap):
            meanings[-1:] = [Meaning.PERIOD, Meaning.PERIOD]
        elif own := caption_before(gap.rpartition("\n")[2]):
            above = []
            meanings.append(own)
        else:
            above = _above(gap, _row(gaps[place + 1 : place + _LONGEST_ROW])) or above
            meanings.append(above.pop(0) if above else Meaning.UNKNOWN)
    return meanings


def _gaps(text: str, dates: list[WrittenDate]) -> list[str]:
    """The text before each date, from the end of the one before."""
    ends = [0, *(one.end for one in dates)]
    return [text[end : one.start] for end, one in zip(ends, dates, strict=False)]


def _above(gap: str, dates: int) -> list[Meaning]:
    """What the captions above a row or column of so many dates say: of a row the first, of a column the last."""
    *lines, own = gap.split("\n")
    near = lines[-_LINES_ABOVE:] if is_wordless(own) else lines[-1:]
    found = [meanings for line in near if (meanings := captions(line))]
    if len(found) == 1:
        return found[0][:dates]
    return [meaning for meanings in found for meaning in meanings][-dates:]


def _row(gaps: list[str]) -> int:
    """How many dates stand together: one, and those that follow without a caption of their own."""
    alone = takewhile(lambda gap: not captions(gap), gaps)
    return 1 + sum(not _UNTIL.fullmatch(gap) for gap in alone)


def _below(text: str, dates: list[WrittenDate]) -> dict[int, Meaning]:
    """What captions below their dates say, by the date's place: large figures with small print beneath."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    alone = {one.start: place for place, one in enumerate(dates)}
    places = [alone.get(start) if line.strip() else None for start, line in zip(starts, lines, strict=False)]
    kinds = "".join(_kind(line, place, dates) for line, place in zip(lines, places, strict=True))
    found = [row for tiles in _TILES.finditer(kinds) for row in range(tiles.start(), tiles.end(), 2)]
    return {place: captions(lines[row + 1])[-1] for row in found if (place := places[row]) is not None}


def _kind(line: str, place: int | None, dates: list[WrittenDate]) -> str:
    """Whether a line is a date alone (D), a caption without a date (C), or something else (-)."""
    if place is not None and dates[place].end - dates[place].start == len(line.rstrip()):
        return "D"
    return "C" if captions(line) and not re.search(r"\d", line) else "-"
