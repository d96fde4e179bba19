"""The watch over numbers that have arrived: which networks reach them, and whom the porting desk has to write to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from service.alerts import AlertKind, alert_once_in
from service.cutover.ending import tell_that_it_is_done
from service.cutover.models import CallerNetwork
from service.cutover.queries import told_of_strays
from service.cutover.rows import cutover_of
from service.cutover.traffic import WATCHED, Came, Traffic, Way, came_since_settled, networks_of, strays, traffic_of
from service.inbox.models import Conversation
from service.notifications.notices import CallsAstray
from service.phone_numbers import is_dialable
from service.porting.asking import LONGEST_NAME
from service.porting.followers import notify_project
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now

LOOK_UPS: Final = 50
"""Callers of one number whose network is asked for in one move. Registries are paid for each question, a cent or less,
and fifty callers show every network that matters."""

KEPT_FOR_STRAYS: Final = 10
"""So many of them are asked only for callers who went astray, however many came by themselves before."""

_LATELY: Final = timedelta(hours=1)


def look_for_half_ports(session: Session, services: Services) -> None:
    """Have the networks of new callers looked up, and tell the porting desk and the owner of calls that go astray.

    Asked every minute, so lines that nobody has called or texted for an hour cost nothing.
    """
    told = list(session.scalars(told_of_strays()))
    news, over = [], []
    for number in dict.fromkeys([*session.scalars(_watched()), *told]):
        since_settled, networks = came_since_settled(session, number), networks_of(session, number)
        wanted = set(_to_look_up(session, number, since_settled))
        if wanted:
            look_up_callers.defer_once(session, port_number_id=number.id)
        lost = {stray.caller for stray in strays(since_settled, networks)}
        if lost and not lost & wanted:  # the carrier wants to read their networks, where anybody knows them
            about, text = f"port_number:{number.id}", ticket(number, traffic_of(session, number))
            alert_once_in(session, AlertKind.HALF_PORT, about, timedelta(hours=6), ticket=text)
            if number.state is State.LIVE and number not in told:
                news.append(number)
        elif not lost and number in told:
            over.append(number)
    _tell_of_strays(session, services, news)
    _tell_that_it_is_over(session, services, over)


@task
def look_up_callers(services: Services, *, port_number_id: int) -> None:
    """Ask which network each new caller is on. A caller is noted as asked before, so that none is paid for twice."""
    with services.sessions.begin() as session:
        number = _locked(session, port_number_id)
        wanted = list(_to_look_up(session, number, came_since_settled(session, number)))
        _note_networks(session, port_number_id, dict.fromkeys(wanted, ""))
    found = {caller: _network_of(services, caller) for caller in wanted}
    with services.sessions.begin() as session:
        _note_networks(session, port_number_id, found)


def ticket(number: PortNumber, traffic: Traffic) -> str:
    """What the porting desk writes to the carrier. Carriers are written to in English."""
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


def _watched() -> Select[PortNumber]:
    """Numbers of the last days on whose line something came in of late."""
    lately = exists().where(Conversation.line_id == PortProject.line_id, Conversation.last_at > now() - _LATELY)
    here = (PortNumber.state.in_([State.PORTED, State.LIVE]), PortNumber.ported_at > now() - WATCHED)
    return select(PortNumber).join(PortNumber.project).where(*here, lately).order_by(PortNumber.id)


def _to_look_up(session: Session, number: PortNumber, since_settled: Sequence[Came]) -> Iterator[str]:
    """Callers who were not asked about yet, those who went astray first, as far as may be asked."""
    if number.ported_at is None or number.ported_at < now() - WATCHED or cutover_of(session, number).taken_back_at:
        return
    asked = networks_of(session, number)
    lost = [one.sender for one in since_settled if one.way is Way.FORWARDED]
    direct = [one.sender for one in since_settled if one.way is Way.PORTED]
    for callers, most in ((lost, LOOK_UPS), (direct, LOOK_UPS - KEPT_FOR_STRAYS)):
        new = [caller for caller in dict.fromkeys(callers) if is_dialable(caller) and caller not in asked]
        for caller in new[: max(0, most - len(asked))]:
            asked[caller] = ""
            yield caller


def _network_of(services: Services, caller: str) -> str:
    """A registry that is away is not asked again: this only words advice, and each question costs."""
    try:
        return services.network(services.home).lookup.operator_of(caller)[:LONGEST_NAME]
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


def _tell_of_strays(session: Session, services: Services, numbers: Sequence[PortNumber]) -> None:
    """Once, of numbers that were called done; while one is not, the old service is needed anyway."""
    at = now()
    for project in dict.fromkeys(number.project for number in numbers):
        theirs = [_locked(session, number.id) for number in numbers if number.project is project]
        for number in theirs:
            cutover_of(session, number).astray_at = at
        notify_project(session, services, project, CallsAstray(found_at=at), at.isoformat(), theirs)


def _tell_that_it_is_over(session: Session, services: Services, numbers: Sequence[PortNumber]) -> None:
    """Now the old service may end after all, once no number of the project goes astray any more."""
    for number in numbers:
        cutover_of(session, _locked(session, number.id)).astray_at = None
    session.flush()
    still = {number.project_id for number in session.scalars(told_of_strays())}
    for project in dict.fromkeys(number.project for number in numbers):
        if project.id not in still:
            at = now()
            tell_that_it_is_done(session, services, project, f"done:{at.isoformat()}", at)
