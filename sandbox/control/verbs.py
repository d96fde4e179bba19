"""Which function a verb runs."""

from collections.abc import Callable

from sandbox.control.acts import ACTS, Parameters
from sandbox.control.as_json import Json
from sandbox.control.order_acts import OF_ORDERS, OF_THIS_CARRIER
from sandbox.world import World

Act = Callable[[World, Parameters], Json | list[Json]]
VERBS: dict[str, Act] = {**ACTS, **OF_THIS_CARRIER}


def act_of(world: World, verb: str, parameters: Parameters) -> Act | None:
    """The function of a verb, or None. Some have two: the second is for a porting order that `kw` names."""
    kw = parameters.fields.get("kw")
    if verb in OF_ORDERS and isinstance(kw, str) and world.orders_other_side.named(kw) is not None:
        return OF_ORDERS[verb]
    return VERBS.get(verb)
