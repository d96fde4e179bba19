"""The signing page: the letter of authorisation, and a line to sign on."""

from flask import Blueprint, abort, render_template, request

from sandbox.current import the_world
from sandbox.errors import OutOfTurn
from sandbox.porting.records import PortIn

signing = Blueprint("signing", __name__, url_prefix="/sign", template_folder="templates")


@signing.get("/<key>")
def letter(key: str) -> str:
    """Show the letter of authorisation, with its signature if it is signed."""
    return _page(_port_in(key))


@signing.post("/<key>")
def sign(key: str) -> tuple[str, int] | str:
    """Sign the letter. The page shows an error without a name, or where there is nothing to sign any more."""
    port_in, name = _port_in(key), request.form.get("name", "").strip()
    if not name:
        return _page(port_in, "Please type your name to sign."), 422
    try:
        the_world().sign(port_in.sid, name)
    except OutOfTurn:
        return _page(port_in, "This letter can no longer be signed."), 409
    return _page(port_in)


def _port_in(key: str) -> PortIn:
    requests = the_world().state.port_ins.values()
    found = next((each for each in requests if each.signature_key == key and each.mailed), None)
    return found or abort(404)


def _page(port_in: PortIn, problem: str = "") -> str:
    losing = port_in.asked["losing_carrier_information"]
    address = losing.get("address") if isinstance(losing, dict) else None
    numbers = [number.phone_number for number in port_in.numbers if number.not_portable_code is None]
    return render_template("console/sign.html", port_in=port_in, address=address, numbers=numbers, problem=problem)
