"""The rows of a cutover, made when they are first read: `Cutover` and its steps."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.carrier import Network
from provisioning.contract.porting import NumberKind
from service.cutover.models import OF_TEXTS, Cutover, CutoverStep, StepName
from service.db import Base
from service.porting.choice import carrier_of
from service.porting.kinds import country_of
from service.porting.models import PortNumber
from service.services import Services

PICTURES_IN: Final = frozenset({"US", "CA"})
"""Countries (ISO 3166) in which carriers support MMS."""

_PLACES: Final = {name: place for place, name in enumerate(StepName)}


def destination_carrier(services: Services, number: PortNumber) -> str:
    """Name of the carrier that will hold a number: where it was filed, or the home carrier if that one holds none."""
    carrier = number.network or carrier_of(services, number)
    return carrier if services.carriers[carrier].network else services.home


def cutover_of(session: Session, number: PortNumber) -> Cutover:
    """The cutover of a number."""
    return cutovers_of(session, [number])[number.id]


def cutovers_of(session: Session, numbers: Collection[PortNumber]) -> dict[int, Cutover]:
    """The cutovers of numbers, by the number's id."""
    known = _cutovers(session, numbers)
    missing = [{"port_number_id": number.id} for number in numbers if number.id not in known]
    if missing:
        _make(session, Cutover, missing)
        known = _cutovers(session, numbers)
    return known


def steps_of(session: Session, services: Services, number: PortNumber) -> dict[StepName, CutoverStep]:
    """The steps of a number's cutover: those that its carrier and country need."""
    return all_steps_of(session, services, [number])[number.id]


def all_steps_of(
    session: Session, services: Services, numbers: Collection[PortNumber]
) -> dict[int, dict[StepName, CutoverStep]]:
    """The steps of the cutovers of numbers, by the number's id; the same as `steps_of` for each."""
    known = _steps(session, numbers)
    missing = [
        {"port_number_id": number.id, "name": name}
        for number in numbers
        for name in _needed(services, number)
        if name not in known[number.id]
    ]
    if missing:
        _make(session, CutoverStep, missing)
        known = _steps(session, numbers)
    return known


def textless(numbers: Iterable[PortNumber]) -> list[str]:
    """Those of these numbers (E.164) that carry no texts."""
    return [number.number for number in numbers if not number.carries_texts]


def note_whether_texts(session: Session, number: PortNumber, *, carries_texts: bool) -> None:
    """Note whether a number carries texts. If it does not, its cutover goes on without their steps."""
    number.carries_texts = carries_texts
    if not carries_texts:
        session.execute(
            delete(CutoverStep).where(CutoverStep.port_number_id == number.id, CutoverStep.name.in_(OF_TEXTS))
        )


def forget_steps(session: Session, number: PortNumber) -> None:
    """Clear all steps of a number, to be done anew should it be ported after all."""
    for step in session.scalars(select(CutoverStep).where(CutoverStep.port_number_id == number.id)):
        step.clear()


def _cutovers(session: Session, numbers: Collection[PortNumber]) -> dict[int, Cutover]:
    theirs = select(Cutover).where(Cutover.port_number_id.in_([number.id for number in numbers]))
    return {cutover.port_number_id: cutover for cutover in session.scalars(theirs)}


def _steps(session: Session, numbers: Collection[PortNumber]) -> dict[int, dict[StepName, CutoverStep]]:
    """The steps there are, in the order of `StepName`."""
    theirs = select(CutoverStep).where(CutoverStep.port_number_id.in_([number.id for number in numbers]))
    without_texts = {number.id for number in numbers if not number.carries_texts}
    known: dict[int, dict[StepName, CutoverStep]] = {number.id: {} for number in numbers}
    for step in sorted(session.scalars(theirs), key=lambda step: _PLACES[step.name]):
        if step.name not in OF_TEXTS or step.port_number_id not in without_texts:
            known[step.port_number_id][step.name] = step
    return known


def _make(session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows unless they exist: a page, the clock and a worker may need them at the same moment."""
    session.flush()
    session.execute(insert(kind).on_conflict_do_nothing(), rows)


def _needed(services: Services, number: PortNumber) -> list[StepName]:
    network = services.network(destination_carrier(services, number))
    left_out = set() if number.carries_texts else set(OF_TEXTS)
    if not _has_address(network, number):
        left_out.add(StepName.REGISTER_ADDRESS)
    if not _can_try_pictures(services, number):
        left_out.add(StepName.PROVE_PICTURES)
    return [name for name in StepName if name not in left_out]


def _has_address(network: Network, number: PortNumber) -> bool:
    countries = network.emergency.countries if network.emergency else ()
    return country_of(number.number) in countries and number.kind is not NumberKind.TOLL_FREE


def _can_try_pictures(services: Services, number: PortNumber) -> bool:
    """Whether we can send a picture ourselves. Else none is waited for, as many lines never receive one."""
    ours = services.settings.platform_number
    return bool(ours) and {country_of(ours), country_of(number.number)} <= PICTURES_IN
