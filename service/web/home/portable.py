"""Which kinds of numbers this installation can transfer in, as its carriers say."""

from enum import StrEnum

from provisioning.contract.porting import NumberKind
from service.carrier_choice import files
from service.porting.kinds import DESCRIBED
from service.web.shell.context import services


class Offered(StrEnum):
    """How a kind of number comes to us: filed over a carrier's interface, by our porting desk, or not at all."""

    ONLINE = "online"
    BY_HAND = "by_hand"
    NOT_YET = "not_yet"


def offered(country: str, kind: NumberKind) -> Offered:
    """How numbers of a country (ISO 3166) and kind come to us."""
    if files(services(), country, kind):
        return Offered.ONLINE
    desks = (carrier for carrier in services().carriers.values() if carrier.network is None)
    return Offered.BY_HAND if any(country in desk.porting.capabilities.countries for desk in desks) else Offered.NOT_YET


def portable_countries() -> list[str]:
    """The countries (ISO 3166) from which some kind of number can be transferred."""
    countries = (country for country, kind in DESCRIBED if offered(country, kind) is not Offered.NOT_YET)
    return list(dict.fromkeys(countries))
