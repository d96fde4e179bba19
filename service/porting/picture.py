"""The answer table as a page for people: `python -m service.porting.picture > docs/port-states.md`."""

import sys
from collections.abc import Iterator

from service.porting.states import ANSWERS, FINAL, LABELS, Command, Fact, State


def page() -> str:
    """The whole of docs/port-states.md."""
    return "\n".join([*_head(), *_picture(), *_middle(), *_answers(), ""])


def _head() -> Iterator[str]:
    yield "# The life of a number being ported"
    yield ""
    yield "Written by `python -m service.porting.picture` from the table in"
    yield "[`service/porting/states.py`](../service/porting/states.py); a test keeps it true. Commands are in capitals:"
    yield "they may be refused. Facts are not: a fact that a state has no row for changes nothing, and one that is not"
    yield "expected there is kept and shown to an operator. An arrow from the box holds for most states in it; the last"
    yield "table is exact."
    yield ""


def _picture() -> Iterator[str]:
    shared = {transition for transition, states in _transitions().items() if len(states) >= MOST}
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.DRAFT}"
    yield "    state underway {"
    yield from (f"        {state}" for state in State if state in _UNDERWAY)
    yield "    }"
    yield from (f"    underway --> {to}: {_spoken(event)}" for event, to in sorted(shared))
    yield from _single_arrows(shared)
    yield from (f"    {state} --> [*]" for state in State if state in FINAL)
    yield "```"
    yield ""


_UNDERWAY = frozenset(State) - FINAL - {State.DRAFT, State.PORTED, State.CANCEL_REQUESTED}
MOST = 4

Transition = tuple[Command | Fact, State]


def _transitions() -> dict[Transition, list[State]]:
    """Each event with the state it leads to, and from where."""
    transitions: dict[Transition, list[State]] = {}
    for state, row in ANSWERS.items():
        for event, answer in row.items():
            if answer.to and answer.to is not state:
                transitions.setdefault((event, answer.to), []).append(state)
    return transitions


def _single_arrows(shared: set[Transition]) -> Iterator[str]:
    arrows: dict[tuple[State, State], list[str]] = {}
    for (event, to), states in _transitions().items():
        for state in states:
            if (event, to) not in shared or state not in _UNDERWAY:
                arrows.setdefault((state, to), []).append(_spoken(event))
    for (state, to), events in arrows.items():
        yield f"    {state} --> {to}: {', '.join(events)}"


def _middle() -> Iterator[str]:
    yield "| state | the customer reads |"
    yield "|---|---|"
    for state in State:
        yield f"| `{state}` | {LABELS[state]} |"
    yield ""


def _answers() -> Iterator[str]:
    yield "| in | on | goes to | and then |"
    yield "|---|---|---|---|"
    for state, row in ANSWERS.items():
        for event, answer in row.items():
            if answer.to:
                effects = ", ".join(effect.replace("_", " ") for effect in answer.effects)
                yield f"| `{state}` | {_spoken(event)} | `{answer.to}` | {effects} |"


def _spoken(event: Command | Fact) -> str:
    words = event.replace("_", " ")
    return words.upper() if isinstance(event, Command) else words


if __name__ == "__main__":
    sys.stdout.write(page())
