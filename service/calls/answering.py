"""The answer to a ringing call: which line it is for, read in one go, and what its plan says. No carrier is asked."""

from collections.abc import Mapping

from sqlalchemy import Connection

from provisioning.contract.callbacks import CallArrived, Event
from provisioning.contract.voice import CallStep, Decline, HangUp
from service.calls.addresses import addresses, carried
from service.calls.outgoing import go_on
from service.calls.queries import Answering, answering_at, answering_on
from service.calls.walk import answer
from service.calls.words import said
from service.language import Language
from service.services import Services
from service.time import now


def answer_call(
    reads: Connection, services: Services, carrier: str, event: Event, query: Mapping[str, str]
) -> list[CallStep]:
    """What happens next in a call: `event` is what the carrier tells, `query` what our own address carried."""
    if _is_trial(services, event):
        return [Decline()]
    if "step" not in query:
        line = answering_at(reads, event, now()) if isinstance(event, CallArrived) else None
        not_here: list[CallStep] = [said("not_in_use", Language.ENGLISH), HangUp()]
    else:
        line, not_here = _line(reads, query), [HangUp()]
    if line is None:
        return not_here
    to, call_id = addresses(services, carrier), carried(query, "call")
    if call_id is not None:
        return go_on(reads, line, to, event, query.get("step", ""), call_id)
    return answer(line, to, event, query, now())


def _is_trial(services: Services, event: Event) -> bool:
    """Our own number calls to see whether calls arrive: they have, and nobody is to be rung for it."""
    ours = services.settings.platform_number
    return isinstance(event, CallArrived) and bool(ours) and event.caller == ours


def _line(reads: Connection, query: Mapping[str, str]) -> Answering | None:
    line_id = carried(query, "line")
    return None if line_id is None else answering_on(reads, line_id)
