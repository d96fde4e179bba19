"""The moment at which an order brings its numbers in, where its carrier lets us choose it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from provisioning.contract.activation import Activation, Window
from service.errors import Conflict, NotFound
from service.porting.models import CarrierOrder, PortProject
from service.porting.states import State
from service.time import now

COMING: Final = frozenset({State.SCHEDULED, State.ACTIVATING})
"""The states of numbers that have a date. On its day they are activating, whether their carrier has begun or not."""


def keep_activation(order: CarrierOrder, activation: Activation | None) -> None:
    """Keep what can be chosen of an order, None once nothing can. What was chosen and came about is no longer asked."""
    windows = activation.windows if activation else ()
    order.windows = [moment.isoformat() for window in windows for moment in (window.opens, window.closes)]
    order.on_demand = activation is not None and activation.on_demand
    if activation is None or activation.at == order.chosen_at:
        order.chosen_at, order.choice_refused = None, False


def windows_of(order: CarrierOrder) -> list[Window]:
    """The windows of an order that are not over, in order."""
    moments = [datetime.fromisoformat(moment) for moment in order.windows]
    windows = [Window(*pair) for pair in list(pairwise(moments))[::2]]
    return [window for window in windows if window.closes > now()]


def orders_to_choose(project: PortProject) -> list[CarrierOrder]:
    """The orders of a project whose moment can still be chosen."""
    dated = {number.order for number in project.numbers if number.state in COMING and number.order}
    return sorted((order for order in dated if windows_of(order)), key=lambda order: order.id)


def order_to_choose(project: PortProject, order_id: int) -> CarrierOrder:
    """One of them. Raises `NotFound` for an order of another project, and `Conflict` if nothing can be chosen of it."""
    if order_id not in {number.order_id for number in project.numbers}:
        raise NotFound("There is no such order.")
    order = next((one for one in orders_to_choose(project) if one.id == order_id), None)
    if order is None:
        raise Conflict("The time of this move can’t be chosen.")
    return order


def can_start(order: CarrierOrder) -> bool:
    """Whether the numbers of an order can be brought in at once."""
    return order.on_demand and is_within(windows_of(order), now())


def is_within(windows: Sequence[Window], at: datetime) -> bool:
    """Whether a moment lies in one of these windows."""
    return any(window.opens <= at <= window.closes for window in windows)
