"""What a leg is ordered with at the carrier."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.calling import OutgoingCall
from service.callback_addresses import Carried, Step, addresses
from service.calls.legs.models import Leg, Ringing
from service.inbox.models import Contact
from service.phone_numbers import is_dialable, spellings
from service.services import Services
from service.time import now
from service.written_numbers import written

BUFFER: Final = timedelta(seconds=5)
"""So much longer than it is told to does a carrier let a phone ring."""

SHORTEST: Final = timedelta(seconds=5)
"""A phone that could ring no longer than this is not called."""


def order_for(services: Services, ringing: Ringing, leg: Leg) -> OutgoingCall:
    """The order for a leg. It shows the caller's number where the carrier lets us, else the number that was called."""
    to, at = addresses(services, ringing.carrier), _at(ringing, leg)
    token = "" if leg.joins else ringing.token
    rings_for = min(ringing.deadline_at - now(), timedelta(seconds=ringing.seconds)) - BUFFER
    return OutgoingCall(
        sender=ringing.shown if token else ringing.called,
        recipient=leg.number,
        answer_url=to.voice(at),
        status_url=status_url(services, leg),
        seconds=int(max(rings_for, SHORTEST).total_seconds()),
        token=token,
        parameters=_shown_in_browser(ringing, leg) if is_browser(leg.number) else {},
        machine_url=to.picked_up(at) if _listens_for_machine(services, ringing, leg) else "",
    )


def status_url(services: Services, leg: Leg) -> str:
    """The address that hears of the end of a leg."""
    return addresses(services, leg.ringing.carrier).call_status(_at(leg.ringing, leg))


def _at(ringing: Ringing, leg: Leg) -> Carried:
    return Carried(Step.LEG, ringing.line_id, leg=leg.tag)


def _listens_for_machine(services: Services, ringing: Ringing, leg: Leg) -> bool:
    """Whether the carrier is to tell if a voicemail picks up: if the line asks for it, and the phone may have one."""
    can_tell = services.network(ringing.carrier).prices.detection is not None
    return can_tell and ringing.spots_machines and not is_browser(leg.number)


def name_of_caller(session: Session, ringing: Ringing) -> str:
    """The name of the contact who calls, "" for one without."""
    theirs = Contact.workspace_id == ringing.line.workspace_id, Contact.number.in_(spellings(ringing.caller))
    return session.scalar(select(Contact.name).where(*theirs).limit(1)) or ""


def _shown_in_browser(ringing: Ringing, leg: Leg) -> dict[str, str]:
    """What a page shows: who calls, on which line, and whether it is recorded.

    By the id of the leg it asks later who took the call.
    """
    session = object_session(ringing)
    name = name_of_caller(session, ringing) if session else ""
    caller = written(ringing.caller) if is_dialable(ringing.caller) else ""
    recorded = {"recorded": "yes"} if ringing.recorded else {}
    return {"leg": str(leg.id), "caller": name or caller, "line": ringing.line.name, **recorded}
