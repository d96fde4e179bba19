"""The cutover steps at the carrier. Each is idempotent, reads back what it did, and may fail without the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from provisioning.contract.account import TextRegistration
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import Broken, Refused, Unavailable
from provisioning.contract.porting import Address, NumberKind
from service.cutover.models import StepName
from service.cutover.registrations import registration_at
from service.services import Services

Evidence = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the steps need to know of a number being ported; `reference` is the carrier's id, "" until it is found.

    `carries_texts` is whether it carries texts as far as is known, `registered` whether these need a registration.
    `pool` is the pool that it joins, None until that is open.
    """

    port_number_id: int
    number: str
    carrier: str
    ported: bool
    reference: str
    holder: str
    address: Address
    kind: NumberKind
    carries_texts: bool
    registered: bool
    pool: str | None


class NotThere(Unavailable):
    """The carrier does not show the number yet: many show it only when the port completes."""


class Unregistered(Unavailable):
    """The registration that the number's texts need is not approved, so they would not be delivered."""

    def __init__(self, registration: TextRegistration) -> None:
        super().__init__(f"the registration for texts is {registration}")
        self.registration = registration


def find(services: Services, arrival: Arrival) -> Evidence:
    """Find the number in our account."""
    owned = services.network(arrival.carrier).numbers.find(arrival.number)
    if owned is None:
        raise NotThere("not at the carrier yet")
    return {"reference": owned.reference, "carries_texts": owned.carries_texts}


def route(services: Services, arrival: Arrival) -> Evidence:
    """Route the number's calls and texts to us. Raises `Broken` if the carrier then shows another routing."""
    routing = services.routing(arrival.carrier)
    shown = services.network(arrival.carrier).numbers.apply_routing(arrival.reference, routing)
    if shown.routing != routing:
        raise Broken("the carrier shows other routing than we set")
    return {"voice_url": shown.routing.voice_url, "message_url": shown.routing.message_url}


def enrol(services: Services, arrival: Arrival) -> Evidence:
    """Enroll the number for texts in its pool. Raises `Broken` if the carrier then does not show it there.

    Raises `Unregistered` until the registration that the number's texts need is approved.
    """
    messaging = services.network(arrival.carrier).messaging
    if arrival.pool is None:
        raise Unregistered(TextRegistration.MISSING)
    messaging.enrol(arrival.reference, arrival.pool)
    if not messaging.enrolled(arrival.reference, arrival.pool):
        raise Broken("the carrier does not show the number in its pool")
    if arrival.registered:
        registration = registration_at(services, arrival.carrier, arrival.kind, arrival.reference, arrival.pool)
        if registration is not TextRegistration.APPROVED:
            raise Unregistered(registration)
    return {"reference": arrival.reference, "pool": arrival.pool}


def register(services: Services, arrival: Arrival) -> Evidence:
    """Register the old service's address for emergency calls. Raises unless the carrier then shows it as registered."""
    emergency = services.network(arrival.carrier).emergency
    if emergency is None:
        raise Refused("the carrier registers no addresses")
    status = emergency.status(arrival.reference)
    if status not in {EmergencyStatus.REGISTERED, EmergencyStatus.PENDING}:
        status = emergency.register(arrival.reference, arrival.holder, arrival.address)
    if status is EmergencyStatus.REFUSED:
        raise Refused("the carrier does not know the address")
    if status is not EmergencyStatus.REGISTERED:
        raise Unavailable("the address is not registered yet")
    return {"street": arrival.address.street, "city": arrival.address.city}


CARRIER_STEPS: Final[Mapping[StepName, Callable[[Services, Arrival], Evidence]]] = {
    StepName.FIND_NUMBER: find,
    StepName.APPLY_ROUTING: route,
    StepName.ENROL_TEXTS: enrol,
    StepName.REGISTER_ADDRESS: register,
}
"""All other steps need FIND_NUMBER; none needs another one."""
