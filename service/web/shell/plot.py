"""Where the bars of a plot stand. The page draws them as an SVG, without a script (`templates/_plot.html`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

HEIGHT: Final = 100
"""Units of the highest column; each column is 10 units wide."""

Stack = Mapping[str, int]
"""How much of each kind is stacked in a column, from its foot up."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is stacked for one day, week or hour, `key`. A bar has its kind, its upper edge and its height in units."""

    key: Any
    left: int
    bars: list[tuple[str, float, float]]


def columns(stacks: Mapping[Any, Stack]) -> list[Column]:
    """The columns of a plot, the highest of which has the whole height."""
    unit = HEIGHT / (highest(stacks) or 1)
    return [Column(key, 10 * place, [*_bars(stack, unit)]) for place, (key, stack) in enumerate(stacks.items())]


def highest(stacks: Mapping[Any, Stack]) -> int:
    """What is stacked in the highest column."""
    return max((sum(stack.values()) for stack in stacks.values()), default=0)


def _bars(stack: Stack, unit: float) -> Iterator[tuple[str, float, float]]:
    foot = float(HEIGHT)
    for kind, count in stack.items():
        height = count * unit
        foot -= height
        if height:
            yield kind, round(foot, 2), round(height, 2)
