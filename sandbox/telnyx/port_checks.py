"""What a porting order has to have, and may not have."""

from datetime import datetime

from sandbox.current import asking, the_world
from sandbox.telnyx.errors import Denied, Json, Problem, invalid, missing
from sandbox.telnyx.papers import own_paper
from sandbox.telnyx.port_requirements import needed_papers, steps_left, value_of
from sandbox.telnyx.port_scenarios import CREATE_REFUSED, texts_can_come
from sandbox.telnyx.records import PortOrder

NEEDED = (
    "end_user/admin/entity_name",
    "end_user/admin/auth_person_name",
    "end_user/admin/billing_phone_number",
    "end_user/location/street_address",
    "end_user/location/locality",
    "end_user/location/administrative_area",
    "end_user/location/postal_code",
    "end_user/location/country_code",
    "documents/loa",
    "documents/invoice",
)
"""What an order needs before it can be confirmed."""

ELSEWHERE, NO_DATE, TWICE = "80003", "80004", "80200"
WISH = "activation_settings/foc_datetime_requested"


def must_be_complete(order: PortOrder) -> None:
    """Refuse an order in which something is missing, and name all of it. Raises `Denied`."""
    absent = [name for name in NEEDED if not at(order.fields, name)]
    absent += [f"requirements/{each['id']}" for each in needed_papers(order) if not value_of(order, str(each["id"]))]
    absent += [f"additional_steps/{step}" for step in steps_left(order)]
    if absent:
        raise Denied(*(missing(name) for name in absent))


def must_be_portable(numbers: list[str]) -> None:
    """Refuse numbers that are given twice, cannot be ported, or are in another order. Raises `Denied`."""
    orders, own = the_world().port_orders, asking().sid
    doubled = sorted({each for each in numbers if numbers.count(each) > 1})
    problems = [Problem(TWICE, f"{each} is given twice.", "/phone_numbers") for each in doubled]
    for number in numbers:
        if reason := orders.obstacle(number, own):
            problems.append(invalid("phone_numbers", f"{number} cannot be ported: {reason}."))
        elif orders.under_way(number) or number.endswith(CREATE_REFUSED):
            problems.append(Problem(ELSEWHERE, f"{number} is in another porting order.", "/phone_numbers"))
    if problems:
        raise Denied(*problems)


def must_be_right(order: PortOrder, body: Json) -> None:
    """Refuse documents that are not there (any more), and what cannot be wished for this order. Raises `Denied`."""
    if body.get("requirements") and body.get("requirement_group_id"):
        raise Denied(invalid("requirements", "Give requirements or a requirement group, not both."))
    if at(body, "messaging/enable_messaging") and not texts_can_come(order.numbers):
        raise Denied(invalid("messaging/enable_messaging", "The texts of these numbers cannot be ported."))
    for name in ("loa", "invoice"):
        sid = at(body, f"documents/{name}")
        if sid and own_paper(str(sid)) is None:
            raise Denied(invalid(f"documents/{name}", f"There is no document {sid}."))
    wished = at(body, WISH)
    if wished and not _is_allowed(order, str(wished)):
        raise Denied(Problem(NO_DATE, "The date is in no allowed window.", f"/{WISH}"))


def _is_allowed(order: PortOrder, wished: str) -> bool:
    try:
        moment = datetime.fromisoformat(wished)
    except ValueError:
        return False
    open_ones = the_world().port_orders.windows(order.numbers)
    return moment.tzinfo is not None and any(start <= moment <= end for start, end in open_ones)


def at(fields: Json, path: str) -> object:
    """The value at a path of fields (`end_user/admin/entity_name`), or None."""
    value: object = fields
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value
