"""Call plans to start from: each takes the place of the steps of a plan, which can be put back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from service.calls.nodes import MESSAGE, RING, Hours, Menu, Node, Plan, RingPhones, Span, Voicemail

OFFICE_HOURS: Final = ((Span(9 * 60, 17 * 60),),) * 5 + ((), ())
"""Monday to Friday from nine to five."""

_MENU: Final = "menu"
_AFTER_HOURS: Final = "after-hours"


class Start(StrEnum):
    """The plans to start from."""

    RING = "ring"
    MENU = "menu"
    AFTER_HOURS = "after_hours"


def started(plan: Plan, start: Start, zone: str) -> Plan:
    """The plan with the steps of a start. Callers, recording and forwarding stay as they are.

    `zone` (IANA) is that of the hours if the plan has none yet.
    """
    return _STARTS[start](plan, zone)


def _ring(plan: Plan, _zone: str) -> Plan:
    """All phones ring, then voicemail; the hours stay, and are voicemail's when closed."""
    nodes: dict[str, Node] = {RING: RingPhones(MESSAGE), MESSAGE: Voicemail()}
    return replace(plan, nodes=nodes, opening=RING, closed=MESSAGE)


def _menu(plan: Plan, _zone: str) -> Plan:
    """A menu of two keys: all phones, or voicemail. No key rings the phones too."""
    nodes: dict[str, Node] = {
        _MENU: Menu({"1": RING, "2": MESSAGE}, RING),
        RING: RingPhones(MESSAGE),
        MESSAGE: Voicemail(),
    }
    return replace(plan, nodes=nodes, opening=_MENU, closed=MESSAGE)


def _after_hours(plan: Plan, zone: str) -> Plan:
    """All phones ring in business hours; after hours there is a voicemail with a greeting of its own."""
    nodes: dict[str, Node] = {RING: RingPhones(MESSAGE), MESSAGE: Voicemail(), _AFTER_HOURS: Voicemail()}
    hours = plan.hours or Hours(zone, OFFICE_HOURS)
    return replace(plan, nodes=nodes, opening=RING, closed=_AFTER_HOURS, hours=hours)


_STARTS: Final[Mapping[Start, Callable[[Plan, str], Plan]]] = {
    Start.RING: _ring,
    Start.MENU: _menu,
    Start.AFTER_HOURS: _after_hours,
}
