"""What follows when numbers move: promises written in the same transaction, in the order of the table.

Numbers of one filing that moved together and of which the same is to be said are told as one.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.alerts import alert
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import NumberRole
from service.notifications.effects import tell
from service.notifications.models import Message
from service.porting.amending import ask_to_cancel, correct_at_carrier
from service.porting.filing import file_when_free, is_free
from service.porting.letters import wait_for_signature
from service.porting.links import status_link
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.reasons import needs_staff
from service.porting.states import State
from service.services import Services

Happened = Sequence[PortHistory]


def file(session: Session, services: Services, happened: Happened) -> None:
    """Owe the filing of the numbers' attempts, once their letter is signed where it is ours to have signed."""
    for attempt_id in dict.fromkeys(number.attempt_id for number in _numbers(happened)):
        if attempt_id and not wait_for_signature(session, services, attempt_id):
            file_when_free(session, attempt_id)


def refile(session: Session, services: Services, happened: Happened) -> None:
    """Have the corrected data sent, once for each order; what never became an order is simply filed."""
    numbers = _numbers(happened)
    for order_id, attempt_id in dict.fromkeys((_order_holding(number), number.attempt_id) for number in numbers):
        if attempt_id and wait_for_signature(session, services, attempt_id):
            continue
        if order_id and attempt_id:
            correct_at_carrier.defer(session, order_id=order_id, attempt_id=attempt_id)
        elif attempt_id:
            file_when_free(session, attempt_id)


def _order_holding(number: PortNumber) -> int | None:
    return None if is_free(number) else number.order_id


def cancel(session: Session, services: Services, happened: Happened) -> None:
    """Have the carrier asked to cancel the numbers; of one that is being filed, this comes again with its order."""
    ask_to_cancel(session, [number for number in _numbers(happened) if not is_free(number)])


def alert_staff(session: Session, services: Services, happened: Happened) -> None:
    """Show an operator what happened, number by number."""
    for row in happened:
        kind = "puzzling_fact" if row.puzzling else "look_at_port"
        about = f"port_number:{row.port_number_id}"
        alert(session, kind, about, event=row.event, word=row.details.get("word", ""))


ATTEMPTS_BEFORE_STAFF = 3


def tell_action_needed(session: Session, services: Services, happened: Happened) -> None:
    """Tell the customer what to mend; what only staff can mend, or came three times, goes to the porting desk too."""
    for group in alike(happened, "reasons"):
        number, reasons = group[0].port_number, group[0].details["reasons"]
        facts = {"reasons": reasons, "found_at": group[0].at.isoformat()}
        version = f"{_version(group)}:{','.join(reasons)}:{_waits_since(session, group[0])}"
        tell_project(session, services, number.project, Message.ACTION_NEEDED, version, _numbers(group), **facts)
        if needs_staff(reasons) or _times_filed(number) >= ATTEMPTS_BEFORE_STAFF:
            alert(session, "port_needs_staff", f"port_number:{number.id}", reasons=reasons)


def _waits_since(session: Session, row: PortHistory) -> int:
    """The place in its history from which on a number waits for its customer: what comes again is told again."""
    begun = select(func.max(PortHistory.sequence)).where(
        PortHistory.port_number_id == row.port_number_id,
        PortHistory.sequence <= row.sequence,
        PortHistory.before != State.ACTION_REQUIRED,
    )
    return session.execute(begun).scalar_one()


def tell_date(session: Session, services: Services, happened: Happened) -> None:
    """Tell the date, or that it moved from another one. A date without a clock time is told without one."""
    for group in alike(happened, "old_date", "date"):
        old, new = group[0].details["old_date"], group[0].details["date"]
        message = Message.DATE_MOVED if old else Message.DATE_SET
        _tell_of_date(session, services, group, message, old_date=old, date=new)


def tell_date_withdrawn(session: Session, services: Services, happened: Happened) -> None:
    """Tell that there is no date any more."""
    for group in alike(happened, "old_date"):
        old = group[0].details["old_date"]
        _tell_of_date(session, services, group, Message.DATE_WITHDRAWN, old_date=old)


def _tell_of_date(session: Session, services: Services, group: Happened, message: Message, **dates: str) -> None:
    project = group[0].port_number.project
    version = f"{_version(group)}#{group[0].port_number.date_version}"
    facts = dates | {"date_version": date_version(project)}
    tell_project(session, services, project, message, version, _numbers(group), **facts)


def date_version(project: PortProject) -> int:
    """Calendars want a version that grows with every change of a date of any of the project's numbers."""
    return sum(number.date_version for number in project.numbers)


def tell_taken_back(session: Session, services: Services, happened: Happened) -> None:
    """Say that the temporary number serves again, and that the old service is still needed. Each time it happens."""
    _tell_each(session, services, happened, Message.TAKEN_BACK, "taken_back_at")


def tell_returned(session: Session, services: Services, happened: Happened) -> None:
    """Say that it is with the old operator again, and that its service has to be kept."""
    _tell_each(session, services, happened, Message.RETURNED, "returned_at")


def _tell_each(session: Session, services: Services, happened: Happened, message: Message, moment: str) -> None:
    for row in happened:
        number, version = row.port_number, f"{row.port_number_id}:{row.sequence}"
        tell_project(session, services, number.project, message, version, [number], **{moment: row.at.isoformat()})


def tell_submitted(session: Session, services: Services, happened: Happened) -> None:
    """Say once that it is on its way, however many orders it becomes."""
    number = happened[0].port_number
    version, sent = str(number.attempt_id), happened[0].at.isoformat()
    tell_project(session, services, number.project, Message.SUBMITTED, version, _numbers(happened), submitted_at=sent)


def tell_expired(session: Session, services: Services, happened: Happened) -> None:
    """Tell of a letter that was never signed, with all numbers of its filing."""
    for group in alike(happened):
        number = group[0].port_number
        version, at = str(number.attempt_id), group[0].at.isoformat()
        tell_project(session, services, number.project, Message.EXPIRED, version, filed_with(number), expired_at=at)


def tell_not_portable(session: Session, services: Services, happened: Happened) -> None:
    """Tell which numbers stay where they are, and why."""
    for group in alike(happened, "reasons"):
        project = group[0].port_number.project
        facts = {"found_at": group[0].at.isoformat(), "reasons": group[0].details.get("reasons", [])}
        tell_project(session, services, project, Message.NOT_PORTABLE, _version(group), _numbers(group), **facts)


def tell_canceled(session: Session, services: Services, happened: Happened) -> None:
    """Tell that it stays where it is, and take a date back out of the calendar."""
    for group in alike(happened, "old_date"):
        project, old = group[0].port_number.project, group[0].details.get("old_date")
        facts = {"canceled_at": group[0].at.isoformat(), "old_date": old, "date_version": date_version(project)}
        tell_project(session, services, project, Message.CANCELED, _version(group), _numbers(group), **facts)


def tell_cancel_refused(session: Session, services: Services, happened: Happened) -> None:
    """Tell that it moves after all, and when."""
    for group in alike(happened, "date"):
        facts = {"refused_at": group[0].at.isoformat(), "date": group[0].details.get("date") or None}
        version = f"{_version(group)}:{group[0].sequence}"
        project = group[0].port_number.project
        tell_project(session, services, project, Message.CANCEL_REFUSED, version, _numbers(group), **facts)


def alike(happened: Happened, *said: str) -> list[Happened]:
    """Rows of one filing with the same details under these names, in the order they happened."""
    groups: dict[str, list[PortHistory]] = {}
    for row in happened:
        key = json.dumps([row.port_number.attempt_id, *(row.details.get(name) for name in said)])
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _version(group: Happened) -> str:
    """Numbers told together are known by the first of them, which stands in no other group of that moment."""
    return f"{group[0].port_number.attempt_id}:{group[0].port_number_id}"


def _numbers(happened: Iterable[PortHistory]) -> list[PortNumber]:
    return [row.port_number for row in happened]


def filed_with(number: PortNumber) -> list[PortNumber]:
    """All numbers of the same filing: they are sent and signed for together."""
    return [other for other in number.project.numbers if other.attempt_id == number.attempt_id]


def _times_filed(number: PortNumber) -> int:
    """How often it was filed: the attempts that led to its present one, and that."""
    before = {attempt.id: attempt.previous_id for attempt in number.project.attempts}
    times, attempt = 0, number.attempt_id
    while attempt:
        times, attempt = times + 1, before.get(attempt)
    return times


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
        "link": page_of(services, project, message),
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


_INSIDE = {
    Message.ACTION_NEEDED: "/fix",
    Message.SIGNATURE_WANTED: "",
    Message.SIGNATURE_REMINDER: "",
    Message.RETURNED: "",
    Message.CANCELED: "",
    Message.EXPIRED: "",
    Message.NOT_PORTABLE: "",
}
"""Messages after which there is something to do, and the page for it; all others lead to where it can be followed."""


def page_of(services: Services, project: PortProject, message: Message) -> str:
    """The address a message leads to."""
    shared = "" if message in _INSIDE else status_link(services, project)
    page = f"{services.settings.public_base_url}/ports/{project.public_id}{_INSIDE.get(message, '')}"
    return shared or f"{page}?in={project.language}"
