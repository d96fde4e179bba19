"""Learning of other operators' requests from carriers whose API tells of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.port_outs import PortOutRequest, PortOutStatus
from provisioning.contract.unreadable import Unreadable
from service.alerts import AlertKind, alert_once
from service.lines.inventory import number_held
from service.lines.models import PhoneNumber
from service.port_outs.disputing import alert_desk, refuse_at_carrier
from service.port_outs.models import OPEN, PortOut, PortOutState
from service.port_outs.requests import end, note_request, open_requests_for
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.queue import task
from service.services import Services
from service.time import now

LOOKED_BACK: Final = timedelta(days=30)
"""Of which requests we still ask what became of them; a port takes less."""

_ANSWERED_WITHIN: Final = timedelta(minutes=30)
"""A refusal that was sent is with the carrier by then."""

_LONGEST_NAME: Final = 100
_WAITING: Final = (PortOutStatus.ASKED, PortOutStatus.REFUSING)
_ENDED: Final[Mapping[PortOutStatus, PortOutState]] = {
    PortOutStatus.REFUSED: PortOutState.REFUSED,
    PortOutStatus.WITHDRAWN: PortOutState.WITHDRAWN,
}
"""Those that have left are noticed by the list of numbers alone (`departures.py`)."""


@task
def watch_port_outs(services: Services, *, carrier: str) -> None:
    """Ask a carrier for the requests of other operators, and note what is new about each.

    One that cannot be read is shown to the desk, who has to look at it there.
    """
    port_outs = services.network(carrier).port_outs
    if port_outs is None:
        return
    for request in port_outs.recent(now() - LOOKED_BACK):
        with services.sessions.begin() as session:
            if isinstance(request, Unreadable):
                about = f"{carrier}:{request.reference}"
                alert_once(session, AlertKind.PORT_OUT_UNREADABLE, about, trouble=request.why)
                continue
            for number in request.numbers:
                _note(session, services, carrier, number, request)


def _note(session: Session, services: Services, carrier: str, number: str, request: PortOutRequest) -> None:
    held = number_held(session, number)
    if held is None or held.carrier != carrier:
        return
    known = _known(session, held, request.reference)
    if known:
        _went_on(session, services, known, request)
    elif request.status in _WAITING and not _is_ours(session, held):
        note_request(session, services, number, request.operator[:_LONGEST_NAME], request.leaves_on, request.reference)


def _known(session: Session, held: PhoneNumber, reference: str) -> PortOut | None:
    """The request that is this one: by its reference, or one that the desk has entered before we knew of it."""
    theirs = PortOut.phone_number_id == held.id, PortOut.reference == reference
    known = session.scalar(select(PortOut).where(*theirs).with_for_update())
    if known is None:
        known = next((one for one in open_requests_for(session, held) if not one.reference), None)
    if known:
        known.reference = reference
    return known


def _went_on(session: Session, services: Services, port_out: PortOut, request: PortOutRequest) -> None:
    """Note its end or its new day. A refusal that the carrier does not have, or has sent back, is sent again.

    Why it was sent back nobody tells us, and unanswered requests are carried out, so our desk hears of it too.
    """
    if port_out.state not in OPEN:
        return
    port_out.leaves_on = request.leaves_on or port_out.leaves_on
    if request.status in _ENDED:
        end(session, services, port_out, _ENDED[request.status])
    elif request.status is PortOutStatus.ASKED and port_out.state is PortOutState.DISPUTED:
        refuse_at_carrier.defer_once(session, port_out_id=port_out.id)
        if port_out.disputed_at and port_out.disputed_at < now() - _ANSWERED_WITHIN:
            alert_desk(session, services, port_out)


def _is_ours(session: Session, held: PhoneNumber) -> bool:
    """Whether a port of its own workspace takes a number to another carrier: who asks for it then are we."""
    theirs = PortNumber.number == held.number, PortProject.workspace_id == held.line.workspace_id
    under_way = PortNumber.carrier != held.carrier, PortNumber.state.not_in([*FINAL, State.DRAFT])
    return bool(session.scalar(select(PortNumber.id).join(PortNumber.project).where(*theirs, *under_way).limit(1)))
