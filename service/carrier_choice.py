"""Which carrier takes a number: they are asked in the operator's order or by price, and who cannot is passed over.

Carriers at which numbers live come first, those that have been silent for long behind the others, and those whose
orders people carry out by hand last, for numbers that no carrier's interface takes. Each number is decided by itself.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from provisioning.contract.carrier import Carrier
from provisioning.contract.errors import Broken, CarrierError, TooLate, Unavailable
from provisioning.contract.numbers import Available, Numbers
from provisioning.contract.porting import NumberKind, Portability, Verdict
from service.carrier_errors import count_error
from service.carriers_by import CarriersBy
from service.services import Services


class Why(StrEnum):
    """All reasons for which a carrier is passed over; `web/desk/choice_words.py` has a sentence for each.

    COUNTRY and KIND are what its capabilities leave out. STAFF, REFUSED and UNSURE are its answers: its staff would
    have to do it, it does not port the number, it could not tell. SOLD_OUT: it has no such number for sale. SILENT: it
    does not answer. DEARER: another one costs less a month, and the operator wants that one.
    """

    COUNTRY = "country"
    KIND = "kind"
    STAFF = "staff"
    REFUSED = "refused"
    UNSURE = "unsure"
    SOLD_OUT = "sold_out"
    SILENT = "silent"
    DEARER = "dearer"


_ANSWERED: Final = {Verdict.BY_HAND: Why.STAFF, Verdict.NO: Why.REFUSED, Verdict.UNKNOWN: Why.UNSURE}

_LEFT_TO_PEOPLE: Final = frozenset({Why.COUNTRY, Why.KIND, Why.STAFF})
"""Only what every interface leaves out is done by hand: a number that one refuses cannot be ported by hand either."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The carrier that is to port a number in, its answer, and why those before it do not."""

    carrier: str
    answer: Portability
    passed_over: Mapping[str, Why]


def for_porting(services: Services, number: str, country: str, kind: NumberKind, silent: Collection[str]) -> Choice:
    """The first carrier that ports a number (E.164) of a country and kind in. Carriers are asked.

    If none does, the home carrier's answer stands, or that of one that could not tell: then we go on.

    Raises:
        Unavailable: one that may port it does not answer now.
    """
    met: dict[str, Why] = {}
    answers: dict[str, Portability] = {}
    for carrier in ranked(services, kind, silent):
        if carrier.network is None and not _LEFT_TO_PEOPLE.issuperset(met.values()):
            break
        why = _left_out(carrier, country, kind)
        if why is None:
            answers[carrier.name] = carrier.porting.check(number)
            why = _ANSWERED.get(answers[carrier.name].verdict)
        if why is None:
            return Choice(carrier.name, answers[carrier.name], passed_over(services, carrier.name, met, silent))
        met[carrier.name] = why
    stands = next((name for name, answer in answers.items() if answer.verdict is Verdict.UNKNOWN), services.home)
    answer = answers.get(stands) or services.carriers[stands].porting.check(number)
    return Choice(stands, answer, passed_over(services, stands, met, silent))


@dataclass(frozen=True, slots=True)
class Offer:
    """Numbers for sale at a carrier, and why not at those before it."""

    carrier: str
    numbers: list[Available]
    passed_over: Mapping[str, Why]


def first_offer(
    services: Services, kind: NumberKind, silent: Collection[str], ask: Callable[[Numbers], list[Available]]
) -> Offer | None:
    """What the first carrier has for sale that has any; None if none has. `ask` asks one.

    One that does not answer is passed over at once, as a person waits. Raises its error if no other has any.
    """
    met: dict[str, Why] = {}
    errors: list[CarrierError] = []
    for carrier in sellers(services, kind, silent):
        met[carrier] = Why.SOLD_OUT
        try:
            found = ask(services.network(carrier).numbers)
        except TooLate:
            raise
        except (Unavailable, Broken) as error:
            count_error(services.sessions, error)
            error.not_made = True  # asking makes nothing
            errors.append(error)
            met[carrier] = Why.SILENT
        else:
            if found:
                return Offer(carrier, found, passed_over(services, carrier, met, silent))
    if errors:
        raise errors[0]
    return None


def ranked(services: Services, kind: NumberKind, silent: Collection[str] = ()) -> list[Carrier]:
    """All carriers, in the order in which they are asked to take a number of a kind."""
    places = {name: place for place, name in enumerate(services.carriers)}
    prices = _months(services, kind)
    return sorted(
        services.carriers.values(),
        key=lambda one: (one.network is None, one.name in silent, prices.get(one.name, 0), places[one.name]),
    )


def sellers(services: Services, kind: NumberKind, silent: Collection[str] = ()) -> list[str]:
    """Names of the carriers that numbers of a kind can be bought from, in the order in which they are asked."""
    return [carrier.name for carrier in ranked(services, kind, silent) if carrier.network]


def passed_over(services: Services, chosen: str, met: Mapping[str, Why], silent: Collection[str]) -> dict[str, Why]:
    """Why not those before the chosen one in the operator's order; `met` is what was found out by asking."""
    ahead = _ahead_of(services, chosen)
    unasked = {name: Why.SILENT if name in silent else Why.DEARER for name in ahead if name not in met}
    return {name: why for name, why in {**met, **unasked}.items() if name != chosen}


def files(services: Services, country: str, kind: NumberKind) -> list[str]:
    """Names of the carriers whose interface ports numbers of a country and kind, as their capabilities say."""
    networks = (carrier for carrier in services.carriers.values() if carrier.network)
    return [carrier.name for carrier in networks if _left_out(carrier, country, kind) is None]


def _left_out(carrier: Carrier, country: str, kind: NumberKind) -> Why | None:
    rules = carrier.porting.capabilities
    if country not in rules.countries:
        return Why.COUNTRY
    return None if kind in rules.kinds else Why.KIND


def _ahead_of(services: Services, chosen: str) -> Iterator[str]:
    for name, carrier in services.carriers.items():
        if name == chosen:
            return
        if carrier.network:
            yield name


def _months(services: Services, kind: NumberKind) -> dict[str, Decimal]:
    """What a number costs a month at each carrier, where that decides: prices in several currencies do not compare."""
    if services.settings.carriers_by is not CarriersBy.COST:
        return {}
    lists = {one.name: one.network.prices for one in services.carriers.values() if one.network}
    if len({prices.currency for prices in lists.values()}) > 1:
        return {}
    known = NumberKind.LOCAL if kind is NumberKind.UNKNOWN else kind
    return {name: prices.month(known) for name, prices in lists.items()}
