"""Where the bars of a plot of calls stand. The page draws them as an SVG, without a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.calls.report import Tally

HEIGHT: Final = 100
"""Units of the highest column; each column is 10 units wide."""

KINDS: Final = ("answered", "voicemails", "missed")
"""What is stacked in a column, from its foot up."""


@dataclass(frozen=True, slots=True)
class Column:
    """The calls of one day or hour, `key`. Each of `bars` has its kind, its upper edge and its height in units."""

    key: Any
    tally: Tally
    left: int
    bars: list[tuple[str, float, float]]


def columns(tallies: Mapping[Any, Tally]) -> list[Column]:
    """The columns of a plot, the highest of which has the whole height."""
    highest = max((tally.came_in for tally in tallies.values()), default=0) or 1
    return [
        Column(key, tally, 10 * place, [*_bars(tally, HEIGHT / highest)])
        for place, (key, tally) in enumerate(tallies.items())
    ]


def _bars(tally: Tally, unit: float) -> Iterator[tuple[str, float, float]]:
    foot = float(HEIGHT)
    for kind in KINDS:
        height = getattr(tally, kind) * unit
        foot -= height
        if height:
            yield kind, round(foot, 2), round(height, 2)
