"""What belongs to the account that asks, by its id."""

from sandbox.current import asking, the_world
from sandbox.records import Application, Number, Service
from sandbox.telnyx.errors import not_found
from sandbox.telnyx.records import PortOrder


def owned_number(sid: str) -> Number:
    """A number by its id, or in E.164. Raises `Denied`."""
    for number in the_world().state.numbers.values():
        if number.account_sid == asking().sid and sid in {number.sid, number.phone_number}:
            return number
    raise not_found()


def owned_application(sid: str) -> Application | None:
    """A TeXML application, or None."""
    found = the_world().state.applications.get(sid)
    return found if found is not None and found.account_sid == asking().sid else None


def owned_profile(sid: str) -> Service | None:
    """A messaging profile, or None."""
    found = the_world().state.services.get(sid)
    return found if found is not None and found.account_sid == asking().sid else None


def own_order(sid: str) -> PortOrder:
    """An order of the account that asks. Raises `Denied`."""
    order = the_world().state.port_orders.get(sid)
    if order is None or order.account_sid != asking().sid:
        raise not_found()
    return order
