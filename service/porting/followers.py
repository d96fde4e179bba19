"""What follows when a number moves: promises written in the same transaction, in the order of the table."""

from typing import Any

from sqlalchemy.orm import Session

from service.alerts import alert
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import NumberRole
from service.notifications.effects import tell
from service.notifications.models import Message
from service.porting.effects import cancel_at_carrier, cancel_once_filed, correct_at_carrier, file_when_free
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.moves import follows
from service.porting.reasons import needs_staff
from service.porting.states import Effect, ProjectState, State, project_state
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


ATTEMPTS_BEFORE_STAFF = 3


@follows(Effect.TELL_ACTION_NEEDED)
def tell_action_needed(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell the customer what to mend; what only staff can mend, or came three times, goes to the porting desk too."""
    reasons = happened.details["reasons"]
    version = f"{number.attempt_id}:{number.id}:{','.join(reasons)}"
    facts = {"reasons": reasons, "found_at": happened.at.isoformat()}
    tell_project(session, services, number.project, Message.ACTION_NEEDED, version, [number], **facts)
    if needs_staff(reasons) or len(number.project.attempts) >= ATTEMPTS_BEFORE_STAFF:
        alert(session, "port_needs_staff", f"port_number:{number.id}", reasons=reasons)


@follows(Effect.TELL_DATE)
def tell_date(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell the date, or that it moved from another one. A date without a clock time is told without one."""
    old, new = happened.details["old_date"], happened.details["date"]
    message = Message.DATE_MOVED if old else Message.DATE_SET
    version = f"{number.attempt_id}:{number.id}#{number.date_version}"
    facts = {"old_date": old, "date": new, "date_version": number.date_version}
    tell_project(session, services, number.project, message, version, [number], **facts)


@follows(Effect.TELL_DATE_WITHDRAWN)
def tell_date_withdrawn(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Tell that there is no date any more."""
    version = f"{number.attempt_id}:{number.id}#{number.date_version}"
    facts = {"old_date": happened.details["old_date"], "date_version": number.date_version}
    tell_project(session, services, number.project, Message.DATE_WITHDRAWN, version, [number], **facts)


@follows(Effect.TELL_DONE)
def tell_done(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Say that the old service may be ended: only when no number of the project is still on its way."""
    project = number.project
    if project_state(other.state for other in project.numbers) in {ProjectState.DONE, ProjectState.PARTLY_DONE}:
        live = [other for other in project.numbers if other.state is State.LIVE]
        tell_project(session, services, project, Message.DONE, "done", live, done_at=happened.at.isoformat())


@follows(Effect.TELL_SIGNATURE_WANTED)
def tell_signature_wanted(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
    """Ask for the signature: who signs, and in which mailbox the letter lies."""
    facts = signature_facts(number, happened)
    version = str(number.attempt_id)
    tell_project(session, services, number.project, Message.SIGNATURE_WANTED, version, _filed_with(number), **facts)


def signature_facts(number: PortNumber, wanted: PortHistory) -> dict[str, str]:
    """Who has to sign, where the letter went, and since when it waits."""
    project = number.project
    return {
        "signer": project.authorized_person,
        "mailbox": project.authorized_email,
        "asked_at": wanted.at.isoformat(),
    }


def _filed_with(number: PortNumber) -> list[PortNumber]:
    """All numbers of the same filing: they are sent and signed for together."""
    return [other for other in number.project.numbers if other.attempt_id == number.attempt_id]


def _tells_of_filing(effect: Effect, message: Message, moment: str) -> None:
    """This effect tells this message once per filing; `moment` is what the message calls the time it happened."""

    @follows(effect)
    def tell_it(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
        facts = {moment: happened.at.isoformat()}
        version = str(number.attempt_id)
        tell_project(session, services, number.project, message, version, _filed_with(number), **facts)


def _tells_of_number(effect: Effect, message: Message, moment: str) -> None:
    """This effect tells this message once per number and filing."""

    @follows(effect)
    def tell_it(session: Session, services: Services, number: PortNumber, happened: PortHistory) -> None:
        facts = {moment: happened.at.isoformat(), "reasons": happened.details.get("reasons", [])}
        version = f"{number.attempt_id}:{number.id}"
        tell_project(session, services, number.project, message, version, [number], **facts)


_tells_of_filing(Effect.TELL_SUBMITTED, Message.SUBMITTED, "submitted_at")
_tells_of_filing(Effect.TELL_EXPIRED, Message.EXPIRED, "expired_at")
_tells_of_number(Effect.TELL_CANCELED, Message.CANCELED, "canceled_at")
_tells_of_number(Effect.TELL_NOT_PORTABLE, Message.NOT_PORTABLE, "found_at")


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
    shown = shown_number(worn for worn in numbers_of(session, project.line_id) if worn.role is not NumberRole.ARRIVING)
    common = {
        "numbers": [number.number for number in numbers],
        "temporary": shown.number if shown else "",
        "link": f"{services.settings.public_base_url}/ports/{project.public_id}",
        "zone": project.workspace.zone,
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
        facts=common | facts,
    )
