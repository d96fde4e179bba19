"""Keeping carriers pointed at us: where they send porting callbacks, and what our own number does.

A carrier's account has one address for porting callbacks. Set when there is none, it is only watched afterwards: an
address that changed under us belongs to somebody, and an operator has to say whose.
"""

from sqlalchemy import select

from provisioning.contract.messaging import Messaging
from service.alerts import AlertKind, alert
from service.lines.models import PhoneNumber, Standing
from service.queue import task
from service.services import Services


@task
def watch_callbacks(services: Services, *, carrier: str) -> None:
    """Compare a carrier's configuration with what we need; set what is missing, alert what differs."""
    ours = services.webhook(carrier, "porting")
    callbacks = services.network(carrier).callbacks
    theirs = callbacks.porting_url()
    if theirs is None:
        callbacks.point_porting_at(ours)
    elif theirs != ours:
        with services.sessions.begin() as session:
            alert(session, AlertKind.CALLBACKS_POINT_ELSEWHERE, carrier, theirs=theirs, ours=ours)
    _ready_platform_number(services, carrier)


def _ready_platform_number(services: Services, carrier: str) -> None:
    """Our own texts leave from it under our registration, and STOP and STATUS come in on it."""
    network, number = services.network(carrier), services.settings.platform_number
    owned = network.numbers.find(number) if number else None
    if owned is None:
        return
    if owned.routing != services.routing(carrier):
        network.numbers.apply_routing(owned.reference, services.routing(carrier))
    _enrol(network.messaging, owned.reference)


def set_up_carrier(services: Services, *, buy_platform_number: bool) -> None:
    """Point the home carrier at us now; in a rehearsal also buy the number our own texts leave from."""
    carrier, number = services.home, services.settings.platform_number
    numbers = services.network(carrier).numbers
    if buy_platform_number and number and numbers.find(number) is None:
        numbers.buy(number, "portline-platform", services.routing(carrier))
    services.network(carrier).callbacks.point_porting_at(services.webhook(carrier, "porting"))
    _ready_platform_number(services, carrier)
    _enrol_numbers(services, carrier)


def _enrol_numbers(services: Services, carrier: str) -> None:
    """Numbers that texts leave from already, for an installation that is given its registration only now."""
    texting = (
        PhoneNumber.carrier == carrier,
        PhoneNumber.standing == Standing.HELD,
        PhoneNumber.texts_since.is_not(None),
    )
    with services.sessions() as session:
        references = list(session.scalars(select(PhoneNumber.reference).where(*texting).order_by(PhoneNumber.id)))
    messaging = services.network(carrier).messaging
    for reference in references:
        _enrol(messaging, reference)


def _enrol(messaging: Messaging, reference: str) -> None:
    if not messaging.enrolled(reference):
        messaging.enrol(reference)
