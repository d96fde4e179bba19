"""`/number_orders`: numbers are ordered, and arrive a moment later."""

from collections.abc import Mapping
from functools import partial
from uuid import uuid4

from werkzeug.http import http_date

from sandbox.current import asking, the_world
from sandbox.ordering.records import NumberOrder, OrderedNumber
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.errors import Denied, Json, Problem, invalid, not_found
from sandbox.telnyx.number_events import resource
from sandbox.telnyx.owned import owned_application, owned_profile
from sandbox.telnyx.paging import known_filters, page

number_orders = guarded("number_orders")
FIELDS = ("phone_numbers", "connection_id", "messaging_profile_id", "billing_group_id", "customer_reference")
MUST_SEARCH, GONE, NO_CONNECTION, NO_PROFILE = "85000", "85001", "85004", "85005"


@number_orders.post("/number_orders")
def create() -> Json:
    """Order numbers that a search has shown: 200, the order is `pending`."""
    body = json_object(FIELDS, ["phone_numbers"])
    _must_have_targets(body)
    wanted = _wanted(body)
    now = the_world().exchange.now()
    order = NumberOrder(
        str(uuid4()),
        asking().sid,
        [OrderedNumber(str(uuid4()), number) for number in wanted],
        now,
        now,
        settings=_settings(body),
        service_sid=text(body, "messaging_profile_id"),
        reference=text(body, "customer_reference"),
    )
    the_world().orders.place(order)
    return {"data": resource(order)}


@number_orders.get("/number_orders")
def fetch_list() -> Json:
    """List the account's orders, newest first."""
    wanted = known_filters("status", "customer_reference")
    rows = [order for order in the_world().state.number_orders.values() if _fits(order, wanted)]
    return page(rows[::-1], resource)


@number_orders.get("/number_orders/<sid>")
def fetch(sid: str) -> tuple[Json, Mapping[str, str]]:
    """Fetch one order. The answer is dated by the carrier's clock, as those of all its hosts are."""
    return {"data": resource(_own(sid))}, {"Date": http_date(the_world().exchange.now())}


@number_orders.patch("/number_orders/<sid>")
def update(sid: str) -> Json:
    """Change the reference of an order."""
    order, body = _own(sid), json_object(["customer_reference", "regulatory_requirements"])
    with the_world().exchange.changing():
        order.reference = text(body, "customer_reference", order.reference)
    return {"data": resource(order)}


def _wanted(body: Json) -> list[str]:
    rows = body["phone_numbers"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("phone_number") for row in rows):
        raise Denied(invalid("phone_numbers", "Each entry needs a phone_number."))
    orders, taken = the_world().orders, the_world().inventory.taken()
    numbers = [str(row["phone_number"]) for row in rows]
    problem = partial(Problem, pointer="/phone_numbers")
    unseen = [problem(MUST_SEARCH, f"{each} was not in a search.") for each in numbers if not orders.was_offered(each)]
    gone = [problem(GONE, f"{each} is no longer available.") for each in numbers if each in taken]
    if unseen or gone:
        raise Denied(*unseen, *gone, status=400)
    return numbers


def _must_have_targets(body: Json) -> None:
    connection, profile = text(body, "connection_id"), text(body, "messaging_profile_id")
    if connection and owned_application(connection) is None:
        raise Denied(Problem(NO_CONNECTION, f"There is no connection {connection}.", "/connection_id"), status=400)
    if profile and owned_profile(profile) is None:
        raise Denied(Problem(NO_PROFILE, f"There is no profile {profile}.", "/messaging_profile_id"), status=400)


def _settings(body: Json) -> dict[str, str]:
    """What the numbers take over: whether the reference does is not documented."""
    return {
        "voice_application_sid": text(body, "connection_id"),
        "billing_group_id": text(body, "billing_group_id"),
        "customer_reference": text(body, "customer_reference"),
    }


def _fits(order: NumberOrder, wanted: dict[str, str]) -> bool:
    return (
        order.account_sid == asking().sid
        and wanted.get("status", order.status) == order.status
        and wanted.get("customer_reference", order.reference) == order.reference
    )


def _own(sid: str) -> NumberOrder:
    order = the_world().state.number_orders.get(sid)
    if order is None or order.account_sid != asking().sid:
        raise not_found()
    return order
