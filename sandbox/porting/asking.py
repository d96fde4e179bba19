"""Port requests as the losing carrier reads them."""

from datetime import date

from sandbox.losing_carriers import Asked
from sandbox.porting.records import PortIn, PortNumber
from sandbox.records import State


def asked_of(state: State, port_in: PortIn, number: PortNumber) -> Asked:
    """What a request says of one of its numbers."""
    wished = port_in.asked.get("target_port_in_date")
    return Asked(
        number.phone_number,
        number.turn,
        state.seed,
        name=port_in.customer["customer_name"],
        postal_code=_postal_code(state, port_in),
        account_number=port_in.account_number,
        pin=number.pin,
        wished=date.fromisoformat(str(wished)) if wished else None,
    )


def _postal_code(state: State, port_in: PortIn) -> str:
    losing = port_in.asked["losing_carrier_information"]
    address = losing.get("address") if isinstance(losing, dict) else None
    if isinstance(address, dict):
        return str(address["zip"])
    return state.addresses[port_in.customer["address_sid"]].fields["postal_code"]
