"""What follows when a number moves: promises written in the same transaction, in the order of the table."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from service.alerts import alert
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import NumberRole
from service.notifications.effects import tell
from service.notifications.models import Message
from service.porting.checks import zone_of
from service.porting.effects import cancel_at_carrier, cancel_once_filed, correct_at_carrier, file_when_free
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.moves import Follower, follows
from service.porting.reasons import needs_staff
from service.porting.states import Effect, ProjectState, project_state
from service.services import Services


@follows(Effect.FILE)
def file(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Owe the filing of the number's attempt."""
    if number.attempt_id:
        file_when_free(session, number.attempt_id)


@follows(Effect.REFILE)
def refile(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Have the corrected data sent; what never became an order is simply filed."""
    if number.order_id and number.attempt_id:
        correct_at_carrier.defer(session, order_id=number.order_id, attempt_id=number.attempt_id)
    else:
        file(session, services, number, happened)


@follows(Effect.CANCEL_AT_CARRIER)
def cancel(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Have the carrier asked to cancel the number."""
    if number.order_id:
        cancel_at_carrier.defer(session, order_id=number.order_id, number=number.number)
    elif number.attempt_id:
        cancel_once_filed.defer(session, port_number_id=number.id)


@follows(Effect.ALERT_STAFF)
def alert_staff(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Show an operator what happened."""
    kind = "puzzling_fact" if happened.puzzling else "look_at_port"
    alert(session, kind, f"port_number:{number.id}", event=happened.event, word=happened.details.get("word", ""))


@follows(Effect.TELL_ACTION_NEEDED)
def tell_action_needed(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell the customer what to mend; what only staff can mend, or came three times, goes to the porting desk too."""
    reasons = happened.details["reasons"]
    version = f"{number.attempt_id}:{','.join(reasons)}"
    tell_project(session, services, number.project, Message.ACTION_NEEDED, version, [number], reasons=reasons)
    if needs_staff(reasons) or len(number.project.attempts) >= ATTEMPTS_BEFORE_STAFF:
        alert(session, "port_needs_staff", f"port_number:{number.id}", reasons=reasons)


ATTEMPTS_BEFORE_STAFF = 3


@follows(Effect.TELL_DATE)
def tell_date(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell the date, or that it moved from another one."""
    old, day, at = (happened.details[key] for key in ("old_day", "day", "at"))
    message = Message.DATE_MOVED if old else Message.DATE_SET
    version = f"{number.attempt_id}:{old}>{at or day}#{number.date_version}"
    dates = {"day": day, "at": at, "sequence": number.date_version, "uid": _uid(number)}
    tell_project(session, services, number.project, message, version, [number], old_day=old, **dates)


@follows(Effect.TELL_DATE_WITHDRAWN)
def tell_date_withdrawn(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell that there is no date any more."""
    version = f"{number.attempt_id}:#{number.date_version}"
    old = happened.details["old_day"]
    tell_project(session, services, number.project, Message.DATE_WITHDRAWN, version, [number], old_day=old)


@follows(Effect.TELL_DONE)
def tell_done(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Say that the old service may be ended: only when no number of the project is still on its way."""
    project = number.project
    if project_state(other.state for other in project.numbers) in {ProjectState.DONE, ProjectState.PARTLY_DONE}:
        tell_project(session, services, project, Message.DONE, "done", project.numbers, others=[])


def _tells(message: Message, **more: Callable[[PortNumber], Any]) -> Follower:
    """A follower that tells a message, once per attempt, about the number that moved."""

    def tell_it(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
        facts = {key: read(number) for key, read in more.items()}
        tell_project(session, services, number.project, message, str(number.attempt_id), [number], **facts)

    return tell_it


follows(Effect.TELL_SUBMITTED)(_tells(Message.SUBMITTED))
follows(Effect.TELL_SIGNATURE_WANTED)(
    _tells(
        Message.SIGNATURE_WANTED,
        signer_email=lambda number: number.project.authorized_email,
        signature_url=lambda number: (number.order and number.order.signature_url) or "",
    )
)
follows(Effect.TELL_CANCELED)(_tells(Message.CANCELED))
follows(Effect.TELL_EXPIRED)(_tells(Message.EXPIRED))
follows(Effect.TELL_NOT_PORTABLE)(_tells(Message.NOT_PORTABLE))


def tell_project(
    session: Session,
    services: Services,
    project: PortProject,
    message: Message,
    version: str,
    numbers: list[PortNumber],
    **facts: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Tell a project's contact something about some of its numbers, worded from these facts, once per version."""
    worn = numbers_of(session, project.line_id)
    temporary = [worn_number for worn_number in worn if worn_number.role is not NumberRole.ARRIVING]
    shown = shown_number(temporary)
    common = {
        "numbers": [number.number for number in numbers],
        "temporary": shown.number if shown else "",
        "link": f"{services.settings.public_base_url}/ports/{project.public_id}",
        "zone": zone_of(numbers[0].number).key,
    }
    tell(
        session,
        services,
        project_id=project.id,
        message=message,
        version=version,
        language=project.language,
        number=project.contact_number,
        email=project.contact_email,
        facts={**common, **facts},
    )


def _uid(number: PortNumber) -> str:
    """One calendar entry per project: a moved date replaces it."""
    return f"port-{number.project.public_id}@portline"
