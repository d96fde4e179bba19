"""All checks, in the order in which an operator would fix what they find."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import requests
from sqlalchemy.exc import SQLAlchemyError

from provisioning.contract.errors import CarrierError
from service.doctor import address, carrier, connections, house
from service.doctor.findings import Finding, Patient, problem

HOUSE: Final[tuple[Callable[[Patient], Finding], ...]] = (
    house.in_earnest,
    address.secure,
    address.routers,
    house.mail,
    house.operator_texts,
    house.push,
    house.tables,
    connections.enough,
    connections.limits,
    house.media,
    house.database_clock,
    house.other_clocks,
    house.worker,
    house.clock,
    house.lanes,
)

# for each carrier that numbers live at
CARRIER: Final[tuple[Callable[[Patient, str], Finding], ...]] = (
    carrier.account,
    carrier.clock,
    address.forged,
    address.genuine,
    carrier.porting_callbacks,
    carrier.platform_number,
    carrier.browser_phones,
    carrier.numbers,
    carrier.registration,
    carrier.businesses,
)


def examine(patient: Patient) -> Iterator[Finding]:
    """Make all checks, one after the other. A check that cannot be made is a problem too."""
    for check in HOUSE:
        yield _made(partial(check, patient))
    networks = [carrier.name for carrier in patient.services.carriers.values() if carrier.network]
    if not networks:
        yield problem("Numbers can live at none of the carriers.", "Name one in CARRIERS where they can.")
    for name in networks:
        for at_carrier in CARRIER:
            yield _made(partial(at_carrier, patient, name))


def _made(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except CarrierError as error:
        return problem(f"The carrier gives no good answer: {error}.", "Is it reached from here? See its status page.")
    except SQLAlchemyError as error:
        return problem(f"The database gives no good answer ({type(error).__name__}).", "Does DATABASE_URL lead to it?")
    except requests.RequestException as error:
        return problem(
            f"Our public address was not reached ({type(error).__name__}).",
            "Does PUBLIC_BASE_URL lead here, with a certificate that is good, and is web running?",
        )
