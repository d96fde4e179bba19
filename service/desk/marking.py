"""What our staff learned of a number otherwise than from its carrier's interface, as by telephone or mail.

It moves the number as the carrier's own word would, by the same table. What the carrier says later counts again.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import CommittedDate, NumberSnapshot, PortStatus, Reason
from service.desk.log import DeskAct, write_down
from service.desk.operator_answers import Answer, faults_of
from service.errors import Conflict, Invalid
from service.porting.filing import call_off_filing, is_free
from service.porting.learning import FACTS, details_of, take_in
from service.porting.models import Cause, PortNumber, PortProject
from service.porting.states import FINAL, State
from service.porting.transitions import Transition, transition_together
from service.services import Services

_NOT_SENT = frozenset({State.DRAFT})


def mark(session: Session, services: Services, project: PortProject, answer: Answer, by: int) -> None:
    """Take an old operator's answer about numbers of a transfer as known.

    Raises:
        Invalid: something is missing or impossible, field by field.
        Conflict: a number was not sent yet, has ended, is being filed at this moment, or waits to be filed with
            numbers that are not named.
    """
    numbers = _named(session, project, answer.numbers)
    if faults := faults_of(services, numbers, answer):
        raise Invalid(faults)
    if any(number.state in FINAL | _NOT_SENT for number in numbers):
        raise Conflict("Only numbers that were sent and haven’t ended can be marked.")
    _call_off_filings(session, numbers)
    news = [_news(number, answer) for number in numbers]
    transition_together(session, services, news, Cause.STAFF)
    told = {"status": answer.status.value, "numbers": [number.number for number in numbers]}
    write_down(session, project, by, DeskAct.MARKED, **told)


def _named(session: Session, project: PortProject, named: Sequence[str]) -> list[PortNumber]:
    rows = select(PortNumber).where(PortNumber.project_id == project.id, PortNumber.number.in_(named))
    return list(session.scalars(rows.order_by(PortNumber.id).with_for_update()))


def _call_off_filings(session: Session, numbers: Sequence[PortNumber]) -> None:
    """Have numbers whose filing is still owed not filed: another has asked for them. Raises `Conflict`."""
    waiting = [one for one in numbers if one.state is State.SUBMITTING and is_free(one)]
    attempts = {one.attempt_id for one in waiting if one.attempt_id}
    together = select(PortNumber.id).where(PortNumber.attempt_id.in_(attempts))
    if set(session.scalars(together)) - {one.id for one in numbers}:
        raise Conflict("Mark all numbers that wait to be filed together, or wait until they’re filed.")
    if not all(call_off_filing(session, attempt) for attempt in attempts):
        raise Conflict("These numbers are being filed right now. Mark them once their order is here.")


def _news(number: PortNumber, answer: Answer) -> Transition:
    """The transition of a number. `seen` stays, so that only what the carrier changes from now on is news of it."""
    dated = answer.status is PortStatus.SCHEDULED and answer.day
    said = NumberSnapshot(
        number.number,
        answer.status,
        "by hand",
        committed=CommittedDate(answer.day) if dated and answer.day else None,
        reasons=tuple(Reason(code) for code in answer.reasons),
        network=answer.network,
    )
    details = details_of(number, said)
    take_in(number, said)
    return Transition(number, FACTS[answer.status], details)
