"""`/number_lookup`: the operator of a number, its caller name, and whether it was ported."""

from flask import request

from sandbox.current import the_world
from sandbox.operators import LineType, operator_of, subscriber_of
from sandbox.records import Carrier
from sandbox.scenarios import country
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.errors import INVALID, Denied, Json, Problem

number_lookup = guarded("number_lookup")
KINDS = {"carrier", "caller-name"}
LINE_TYPES = {
    LineType.MOBILE: "mobile",
    LineType.LANDLINE: "fixed line",
    LineType.FIXED_VOIP: "voip",
    LineType.NON_FIXED_VOIP: "voip",
    LineType.TOLL_FREE: "toll free",
}
OURS = "Telnyx/4"


@number_lookup.get("/number_lookup/<number>")
def look_up(number: str) -> Json:
    """Look a number up. What the registries do not know is empty."""
    kind, where = request.args.get("type", "carrier"), country(number)
    if kind not in KINDS:
        raise Denied(Problem(INVALID, "type is carrier or caller-name.", parameter="type"), status=400)
    if where is None:
        raise Denied(Problem("10016", f"{number} is no number in E.164.", parameter="phone_number"))
    about: Json = {"record_type": "number_lookup", "country_code": where, "phone_number": number, "fraud": None}
    if kind == "caller-name":
        return {"data": about | {"caller_name": _caller_name(number)}}
    return {"data": about | {"carrier": _carrier(number), "portability": _portability(number)}}


def _name(number: str) -> str:
    """The operator that has a number now: one that it was ported to, else the one of its digits."""
    world = the_world()
    held = world.inventory.held(number)
    if held is not None and world.exchange.carrier_of(held.account_sid) is Carrier.TELNYX:
        return OURS
    operator = operator_of(number)
    return world.port_outs.operator_of(number) or (operator.name if operator else "")


def _carrier(number: str) -> Json:
    operator, name = operator_of(number), _name(number)
    kind = operator.line_type if operator else None
    known: Json = {"type": LINE_TYPES[kind]} if kind else {}
    return known | {"name": name, "normalized_carrier": name, "error_code": None if name else "60600"}


def _caller_name(number: str) -> Json:
    found = subscriber_of(number)
    return {"caller_name": found.name} if found else {"caller_name": "", "error_code": "10001"}


def _portability(number: str) -> Json:
    world, name = the_world(), _name(number)
    moved = world.port_orders.has_brought(number) or bool(world.port_outs.operator_of(number))
    return {"ported_status": "Y" if moved else "N", "spid_carrier_name": name, "ocn": "", "lrn": "", "spid": ""}
