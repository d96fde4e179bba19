"""Watching ported numbers for half ports: which networks still route to the old operator, and who is notified."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from service.alerts import AlertKind, alert_once_in
from service.cutover.models import FROM_OUTSIDE, CallerNetwork, CutoverStep
from service.cutover.old_service import notify_project_done
from service.cutover.queries import WITH_LINE, notified_of_strays
from service.cutover.rows import cutover_of, cutovers_of
from service.cutover.traffic import (
    WATCHED,
    Incoming,
    Traffic,
    Via,
    incoming_since_settled,
    networks_of,
    strays,
    traffic_of,
)
from service.inbox.models import Conversation
from service.notifications.notices import CallsAstray
from service.phone_numbers import is_dialable
from service.porting.asking import LONGEST_NAME
from service.porting.followers import notify_project
from service.porting.lines import coming_to
from service.porting.models import PortNumber
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now

LOOK_UPS: Final = 50
"""The most callers of one number whose network is looked up. Each look-up costs a cent or less, and fifty callers
show every network that matters."""

KEPT_FOR_STRAYS: Final = 10
"""How many of these look-ups are reserved for callers whose calls went astray."""

_LATELY: Final = timedelta(hours=1)


def look_for_half_ports(session: Session, services: Services) -> None:
    """Queue look-ups of new callers' networks, and notify the porting desk and the customer of calls that go astray.

    Runs every minute; lines without a call or text in the last hour are skipped.
    """
    notified = list(session.scalars(notified_of_strays()))
    numbers = list(dict.fromkeys([*session.scalars(_watched()), *notified]))
    settled, networks = incoming_since_settled(session, numbers), networks_of(session, numbers)
    wanted = _to_look_up(session, numbers, settled, networks)
    lost = {one.id: {stray.caller for stray in strays(settled[one.id], networks[one.id])} for one in numbers}
    if called := [number.id for number in numbers if wanted[number.id]]:
        look_up_all_callers.defer_once(session, port_number_ids=called)
    # the text to the carrier names their networks, so it waits for the look-ups
    astray = [number for number in numbers if lost[number.id] and not lost[number.id].intersection(wanted[number.id])]
    _alert_of(session, astray)
    new = [number for number in astray if number.state is State.LIVE and number not in notified]
    _notify_of_strays(session, services, new)
    _notify_mended(session, services, [number for number in notified if not lost[number.id]])


@task
def look_up_all_callers(services: Services, *, port_number_ids: Sequence[int]) -> None:
    """Look up the networks of the new callers of several numbers, one number after the other."""
    for port_number_id in port_number_ids:
        look_up_callers(services, port_number_id=port_number_id)


@task
def look_up_callers(services: Services, *, port_number_id: int) -> None:
    """Look up the network of each new caller. Callers are stored before the look-up, so that none is paid for twice."""
    with services.sessions.begin() as session:
        number = _locked(session, port_number_id)
        settled, networks = incoming_since_settled(session, [number]), networks_of(session, [number])
        wanted = _to_look_up(session, [number], settled, networks)[number.id]
        _note_networks(session, port_number_id, dict.fromkeys(wanted, ""))
    found = {caller: _network_of(services, caller) for caller in wanted}
    with services.sessions.begin() as session:
        _note_networks(session, port_number_id, found)


def ticket(number: PortNumber, traffic: Traffic) -> str:
    """The text, in English, in which the porting desk reports a half port to the carrier."""
    ported = f"{number.ported_at:%Y-%m-%d %H:%M} UTC" if number.ported_at else "unknown"
    where = ", ".join(traffic.missing) or "the networks of these callers"
    lines = [
        f"{number.number} was ported to you at {ported} (order {number.order.reference if number.order else '-'}).",
        "Some originating networks still route it to the losing carrier, whose line forwards the calls:",
        *(
            f"- {stray.network or 'network not known'}: a call from {stray.caller}, {stray.at:%Y-%m-%d %H:%M} UTC"
            for stray in traffic.astray[:5]
        ),
    ]
    if traffic.seen:
        lines.append(f"Calls from these networks arrive directly: {', '.join(traffic.seen)}.")
    return "\n".join([*lines, f"Please have the routing data checked at {where}."])


def _alert_of(session: Session, astray: Sequence[PortNumber]) -> None:
    """Notify the porting desk of numbers whose calls go astray."""
    traffic = traffic_of(session, astray)
    for number in astray:
        about, text = f"port_number:{number.id}", ticket(number, traffic[number.id])
        alert_once_in(session, AlertKind.HALF_PORT, about, timedelta(hours=6), ticket=text)


def _watched() -> Select[PortNumber]:
    """Numbers ported within `WATCHED` whose line had a call or text in the last hour."""
    lately = exists().where(Conversation.line_id == coming_to(), Conversation.last_at > now() - _LATELY)
    here = (PortNumber.state.in_([State.PORTED, State.LIVE]), PortNumber.ported_at > now() - WATCHED)
    rows = select(PortNumber).join(PortNumber.project).where(*here, lately)
    return rows.options(WITH_LINE).order_by(PortNumber.id)


def _to_look_up(
    session: Session,
    numbers: Collection[PortNumber],
    settled: Mapping[int, Sequence[Incoming]],
    networks: Mapping[int, Mapping[str, str]],
) -> dict[int, list[str]]:
    """Callers to look up now, by the number's id; none once the watch is over or the cutover taken back."""
    cutovers, proofs = cutovers_of(session, numbers), _proofs_from_outside(session, numbers)
    watched = {
        one.id
        for one in numbers
        if one.ported_at and one.ported_at >= now() - WATCHED and not cutovers[one.id].taken_back_at
    }
    return {
        one.id: list(_new_callers(settled[one.id], proofs[one.id], networks[one.id])) if one.id in watched else []
        for one in numbers
    }


def _new_callers(settled: Sequence[Incoming], proofs: Sequence[str], networks: Mapping[str, str]) -> Iterator[str]:
    """Callers not looked up, within the limits; those whose calls went astray first, then those who are proof."""
    asked = {*networks}
    lost = [one.sender for one in settled if one.via is Via.FORWARDED]
    direct = [one.sender for one in settled if one.via is Via.PORTED]
    for callers, most in ((lost, LOOK_UPS), ([*proofs, *direct], LOOK_UPS - KEPT_FOR_STRAYS)):
        new = [caller for caller in dict.fromkeys(callers) if is_dialable(caller) and caller not in asked]
        for caller in new[: max(0, most - len(asked))]:
            asked.add(caller)
            yield caller


def _proofs_from_outside(session: Session, numbers: Collection[PortNumber]) -> dict[int, list[str]]:
    """The far ends of the proofs from other networks, by the number's id."""
    found: dict[int, list[str]] = {number.id: [] for number in numbers}
    theirs = select(CutoverStep.port_number_id, CutoverStep.far_end).where(
        CutoverStep.port_number_id.in_(found), _from_outside()
    )
    for number_id, far_end in session.execute(theirs.order_by(CutoverStep.id)):
        found[number_id].append(far_end)
    return found


def _from_outside() -> ColumnElement[bool]:
    """The condition that a step has a proof from another network."""
    return CutoverStep.done_at.is_not(None) & CutoverStep.name.in_(FROM_OUTSIDE) & ~CutoverStep.trial


def _network_of(services: Services, caller: str) -> str:
    """The network of a caller, "" if the look-up fails. It is not repeated: it costs, and only improves a text."""
    lookup = services.network(services.home).lookup
    if lookup is None:
        return ""
    try:
        return lookup.operator_of(caller)[:LONGEST_NAME]
    except CarrierError:
        return ""


def _locked(session: Session, port_number_id: int) -> PortNumber:
    return session.get_one(PortNumber, port_number_id, with_for_update=True)


def _note_networks(session: Session, number_id: int, networks: Mapping[str, str]) -> None:
    rows = [{"port_number_id": number_id, "caller": caller, "network": name} for caller, name in networks.items()]
    if rows:
        noted = insert(CallerNetwork).values(rows)
        named = {"network": noted.excluded.network}
        session.execute(noted.on_conflict_do_update(index_elements=["port_number_id", "caller"], set_=named))


def _notify_of_strays(session: Session, services: Services, numbers: Sequence[PortNumber]) -> None:
    """Notify the customer, once, that calls to live numbers go astray, so that the old service is needed again."""
    at = now()
    for project in dict.fromkeys(number.project for number in numbers):
        theirs = [_locked(session, number.id) for number in numbers if number.project is project]
        for number in theirs:
            cutover_of(session, number).astray_at = at
        notify_project(session, services, project, CallsAstray(found_at=at), at.isoformat(), theirs)


def _notify_mended(session: Session, services: Services, numbers: Sequence[PortNumber]) -> None:
    """Tell the customer that the old service may end after all, once no calls to the project's numbers go astray."""
    for number in numbers:
        cutover_of(session, _locked(session, number.id)).astray_at = None
    session.flush()
    still = {number.project_id for number in session.scalars(notified_of_strays())}
    for project in dict.fromkeys(number.project for number in numbers):
        if project.id not in still:
            at = now()
            notify_project_done(session, services, project, f"done:{at.isoformat()}", at)
