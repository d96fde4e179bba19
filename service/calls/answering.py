"""The answer to a ringing call: which line it is for, read in one go, and what its plan says. No carrier is asked."""

from sqlalchemy import Connection

from provisioning.contract.callbacks import CallArrived, Event
from provisioning.contract.voice import CallStep, Decline, HangUp
from service.callback_addresses import Carried, addresses
from service.calls.outgoing import go_on
from service.calls.queries import answering_at, answering_on
from service.calls.walk import answer
from service.calls.words import said
from service.language import Language
from service.services import Services
from service.time import now


def answer_call(reads: Connection, services: Services, carrier: str, event: Event, carried: Carried) -> list[CallStep]:
    """What happens next in a call: `event` is what the carrier tells, `carried` what our own address carried."""
    if _is_trial(services, event):
        return [Decline()]
    if carried.step is None:
        line = answering_at(reads, event, now()) if isinstance(event, CallArrived) else None
        not_here: list[CallStep] = [said("not_in_use", Language.ENGLISH), HangUp()]
    else:
        line, not_here = answering_on(reads, carried.line), [HangUp()]
    if line is None:
        return not_here
    to = addresses(services, carrier)
    if carried.entry:
        return go_on(reads, line, to, event, carried)
    return answer(line, to, event, carried, now())


def _is_trial(services: Services, event: Event) -> bool:
    """Our own number calls to see whether calls arrive: they have, and nobody is to be rung for it."""
    ours = services.settings.platform_number
    return isinstance(event, CallArrived) and bool(ours) and event.caller == ours
