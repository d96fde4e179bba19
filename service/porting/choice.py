"""Who brings a number in: the home carrier by itself, or another one where it cannot."""

from datetime import date

from provisioning.contract.porting import Portability, Verdict
from provisioning.contract.porting_facet import Porting
from provisioning.time_zones import zone_of
from service.porting.checks import country_of, possible_days
from service.porting.models import PortNumber, PortProject
from service.services import Services


def choose(services: Services, number: str) -> tuple[str, Portability]:
    """Name of the carrier that is to bring a number (E.164) in, and its answer.

    The home carrier is asked first. What only people can do there, or lies in a country it does not port, is offered
    to the others in the order of the settings; when none of them takes it, the first answer stands.
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
    """Name of the carrier a number is filed with, or will be."""
    return number.order.carrier if number.order else number.carrier or services.home


def porting_of(services: Services, number: PortNumber) -> Porting:
    """The porting facet of that carrier."""
    return services.carriers[carrier_of(services, number)].porting


def days_for(services: Services, project: PortProject) -> list[date]:
    """The days that all numbers of a project may be wished for; none while there is no number."""
    rules = {(carrier_of(services, one), country_of(one.number), zone_of(one.number)): one for one in project.numbers}
    possible = [possible_days(one.number, porting_of(services, one).capabilities) for one in rules.values()]
    return sorted(set.intersection(*map(set, possible))) if possible else []


def _is_for_others(services: Services, answer: Portability) -> bool:
    countries = services.carriers[services.home].porting.capabilities.countries
    abroad = answer.verdict is Verdict.NO and country_of(answer.number) not in countries
    return abroad or answer.verdict is Verdict.BY_HAND
