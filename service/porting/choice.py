"""Which carrier ports a number in: the home carrier, or another one if the home carrier cannot."""

from datetime import date

from provisioning.contract.porting import Portability, Verdict
from provisioning.contract.porting_facet import Porting
from provisioning.time_zones import zone_of
from service.porting.checks import possible_days
from service.porting.kinds import country_of
from service.porting.models import PortNumber, PortProject
from service.services import Services


def choose(services: Services, number: str) -> tuple[str, Portability]:
    """Name of the carrier that is to port a number (E.164) in, and its answer.

    The home carrier is asked first. If its staff would have to do it by hand, or it does not port in that country, the
    others are asked in the order of the settings. If none can, the home carrier's answer stands.
    """
    first = services.carriers[services.home].porting.check(number)
    if _is_for_others(services, first):
        for name, carrier in services.carriers.items():
            if name != services.home:
                answer = carrier.porting.check(number)
                if answer.verdict is Verdict.YES:
                    return name, answer
    return services.home, first


def carrier_of(services: Services, number: PortNumber) -> str:
    """Name of the carrier that a number is or will be filed with."""
    return number.order.carrier if number.order else number.carrier or services.home


def porting_of(services: Services, number: PortNumber) -> Porting:
    """The porting interface of that carrier."""
    return services.carriers[carrier_of(services, number)].porting


def days_for(services: Services, project: PortProject) -> list[date]:
    """The days that can be wished for all numbers of a project; empty if it has no number."""
    rules = {
        (carrier_of(services, one), country_of(one.number), one.kind, zone_of(one.number)): one
        for one in project.numbers
    }
    possible = [possible_days(one, porting_of(services, one).capabilities) for one in rules.values()]
    return sorted(set.intersection(*map(set, possible))) if possible else []


def _is_for_others(services: Services, answer: Portability) -> bool:
    countries = services.carriers[services.home].porting.capabilities.countries
    abroad = answer.verdict is Verdict.NO and country_of(answer.number) not in countries
    return abroad or answer.verdict is Verdict.BY_HAND
