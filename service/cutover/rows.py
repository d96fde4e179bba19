"""The rows of a cutover, made when they are first read: `Cutover` and its steps."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from provisioning.contract.carrier import Network
from provisioning.contract.porting import NumberKind
from service.cutover.models import Cutover, CutoverStep, StepName
from service.porting.checks import country_of
from service.porting.choice import carrier_of
from service.porting.models import PortNumber
from service.services import Services

PICTURES_IN: Final = frozenset({"US", "CA"})
"""Countries (ISO 3166) in which carriers support MMS."""


def destination_carrier(services: Services, number: PortNumber) -> str:
    """Name of the carrier that will hold a number: where it was filed, or the home carrier if that one holds none."""
    carrier = number.network or carrier_of(services, number)
    return carrier if services.carriers[carrier].network else services.home


def cutover_of(session: Session, number: PortNumber) -> Cutover:
    """The cutover of a number."""
    mine = select(Cutover).where(Cutover.port_number_id == number.id)
    known = session.scalar(mine)
    if known is None:
        _make(session, insert(Cutover).values(port_number_id=number.id))
        known = session.scalars(mine).one()
    return known


def steps_of(session: Session, services: Services, number: PortNumber) -> dict[StepName, CutoverStep]:
    """The steps of a number's cutover: those that its carrier and country need."""
    mine = select(CutoverStep).where(CutoverStep.port_number_id == number.id)
    steps = {step.name: step for step in session.scalars(mine)}
    missing = [name for name in _needed(services, number) if name not in steps]
    if missing:
        _make(session, insert(CutoverStep).values([{"port_number_id": number.id, "name": name} for name in missing]))
        steps = {step.name: step for step in session.scalars(mine)}
    return {name: steps[name] for name in StepName if name in steps}


def forget_steps(session: Session, number: PortNumber) -> None:
    """Clear all steps of a number, to be done anew should it be ported after all."""
    for step in session.scalars(select(CutoverStep).where(CutoverStep.port_number_id == number.id)):
        step.clear()


def _make(session: Session, rows: Insert) -> None:
    """Insert rows unless they exist: a page, the clock and a worker may need them at the same moment."""
    session.flush()
    session.execute(rows.on_conflict_do_nothing())


def _needed(services: Services, number: PortNumber) -> list[StepName]:
    network = services.network(destination_carrier(services, number))
    left_out = set()
    if not _has_address(network, number):
        left_out.add(StepName.REGISTER_ADDRESS)
    if not _can_try_pictures(services, number):
        left_out.add(StepName.PROVE_PICTURES)
    return [name for name in StepName if name not in left_out]


def _has_address(network: Network, number: PortNumber) -> bool:
    return country_of(number.number) in network.emergency.countries and number.kind is not NumberKind.TOLL_FREE


def _can_try_pictures(services: Services, number: PortNumber) -> bool:
    """Whether we can send a picture ourselves. Else none is waited for, as many lines never receive one."""
    ours = services.settings.platform_number
    return bool(ours) and {country_of(ours), country_of(number.number)} <= PICTURES_IN
