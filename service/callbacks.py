"""Making sure that carriers send porting callbacks to us, and that our platform number is set up.

A carrier's account has one address for porting callbacks. We set it if there is none. An address that is not ours is
never changed: another program may depend on it, so an operator has to decide.
"""

from sqlalchemy import select

from provisioning.contract.browser_phones import NewKey
from provisioning.contract.carrier import NotOffered
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


def _ready_platform_number(services: Services, carrier: str) -> bool:
    """Route a carrier's platform number here and enroll it: notices are texted from it, STOP and STATUS come in on it.

    False if the account has no such number.
    """
    network, number = services.network(carrier), services.platform_number(carrier)
    owned = network.numbers.find(number) if number else None
    if owned is None:
        return False
    if owned.routing != services.routing(carrier):
        network.numbers.apply_routing(owned.reference, services.routing(carrier))
    _enrol(network.messaging, owned.reference, pool="")
    return True


def set_up_carrier(services: Services, *, buy_platform_number: bool) -> bool:
    """Point every carrier at us now, and buy the numbers our own texts leave from if asked to and they are not there.

    Returns whether the account at the home carrier has that number.
    """
    networks = [carrier.name for carrier in services.carriers.values() if carrier.network]
    ready = {carrier: _set_up(services, carrier, buy_platform_number=buy_platform_number) for carrier in networks}
    return ready[services.home]


def _set_up(services: Services, carrier: str, *, buy_platform_number: bool) -> bool:
    number, numbers = services.platform_number(carrier), services.network(carrier).numbers
    if buy_platform_number and number and numbers.find(number) is None:
        numbers.buy(number, "portline-platform", services.routing(carrier))
    services.network(carrier).callbacks.point_porting_at(services.webhook(carrier, "porting"))
    has_platform_number = _ready_platform_number(services, carrier)
    _enrol_numbers(services, carrier)
    return has_platform_number


def make_browser_key(services: Services) -> NewKey:
    """Have the home carrier make a key for phones in browsers, which an operator puts into the settings.

    Raises `NotOffered` for a carrier that lets no pages be phones.
    """
    phones = services.network(services.home).browser_phones
    if phones is None:
        raise NotOffered(f"{services.home} has no phones in browsers, so it makes no key for them.")
    return phones.make_key("portline-browser-phones")


def _enrol_numbers(services: Services, carrier: str) -> None:
    """Enroll numbers that can text already, for an installation that is given its registration only now."""
    texting = (
        PhoneNumber.carrier == carrier,
        PhoneNumber.standing == Standing.HELD,
        PhoneNumber.texts_since.is_not(None),
        PhoneNumber.moving_since.is_(None),
    )
    with services.sessions() as session:
        numbers = list(session.scalars(select(PhoneNumber).where(*texting).order_by(PhoneNumber.id)))
    messaging = services.network(carrier).messaging
    for number in numbers:
        _enrol(messaging, number.reference, number.pool)


def _enrol(messaging: Messaging, reference: str, pool: str) -> None:
    if not messaging.enrolled(reference, pool):
        messaging.enrol(reference, pool)
