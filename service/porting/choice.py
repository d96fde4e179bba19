"""Which carrier ports a number in, and by which rules."""

from collections.abc import Collection
from datetime import date

from provisioning.contract.porting import Verdict
from provisioning.contract.porting_facet import Porting
from provisioning.time_zones import zone_of
from service.carrier_choice import Choice, for_porting
from service.porting.checks import possible_days
from service.porting.kinds import country_of, kind_of
from service.porting.models import PortNumber, PortProject
from service.services import Services


def choose(services: Services, number: str, silent: Collection[str]) -> Choice:
    """The carrier that is to port a number (E.164) in; `silent` ones have not answered for long. Raises as that."""
    return for_porting(services, number, country_of(number), kind_of(number), silent)


def carrier_of(services: Services, number: PortNumber) -> str:
    """Name of the carrier that a number is or will be filed with."""
    return number.order.carrier if number.order else number.carrier or services.home


def is_by_hand(services: Services, number: PortNumber) -> bool:
    """Whether people carry a number's order out: our porting desk, or a carrier's staff that we do not ask."""
    return number.verdict is Verdict.BY_HAND or services.carriers[carrier_of(services, number)].network is None


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
