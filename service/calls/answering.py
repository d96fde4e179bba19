"""The answer to a ringing call: the line is read in one statement, and its call plan decides. No carrier is asked."""

from provisioning.contract.callbacks import CallArrived, Event
from provisioning.contract.voice import CallStep, Decline, HangUp
from service.callback_addresses import Addresses, Carried, Step, addresses
from service.calls.legs.beginning import with_both_legs, with_own_legs
from service.calls.legs.hearing import STEPS, hear
from service.calls.legs.waiting import while_waiting
from service.calls.outgoing import go_on
from service.calls.plan_walk import answer
from service.calls.queries import Answering, answering_on
from service.calls.remembered import how_line_answers
from service.calls.words import say
from service.db import Reads
from service.language import Language
from service.services import Services
from service.time import now


def answer_call(reads: Reads, services: Services, carrier: str, event: Event, carried: Carried) -> list[CallStep]:
    """The next steps of a call. `event` is what the carrier reports, `carried` what our callback address carried."""
    if _is_trial(services, event):
        return [Decline()]
    if carried.step is Step.WAITING:
        return while_waiting(reads, addresses(services, carrier), carried.ringing, now())
    if carried.step is None:
        line = how_line_answers(reads, event, now()) if isinstance(event, CallArrived) else None
        not_here: list[CallStep] = [say("not_in_use", Language.ENGLISH), HangUp()]
    else:
        line, not_here = answering_on(reads, carried.line), [HangUp()]
    if line is None:
        return not_here
    line = line.within({*services.settings.countries, line.country}).within_caps(now()).without_sleepers(now())
    to = addresses(services, carrier)
    if carried.entry:
        steps = go_on(reads, line, to, event, carried)
        return with_both_legs(services, carrier, to, line, event, carried, steps)
    steps = _of_a_group(services, line, to, event, carried) or answer(line, to, event, carried, now())
    return with_own_legs(services, carrier, to, line, event, steps)


def _of_a_group(
    services: Services, line: Answering, to: Addresses, event: Event, carried: Carried
) -> list[CallStep] | None:
    """The next steps of a call whose group rings by legs of its own, or of such a leg; None for other calls."""
    if carried.step not in STEPS:
        return None
    with services.sessions.begin() as session:
        return hear(session, line, to, event, carried)


def _is_trial(services: Services, event: Event) -> bool:
    """Whether our platform number calls to test that calls arrive: they do, so no phone is rung."""
    ours = services.settings.platform_number
    return isinstance(event, CallArrived) and bool(ours) and event.caller == ours
