"""What follows when numbers move: promises written in the same transaction, in the order of the table.

Numbers of one filing that moved together and of which the same is to be said are told as one.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import NumberRole
from service.notifications.facts import About, Notice
from service.notifications.models import NoticeKind
from service.notifications.notices import (
    ActionNeeded,
    Canceled,
    CancelRefused,
    DateMoved,
    DateSet,
    DateWithdrawn,
    Expired,
    NotPortable,
    Returned,
    Submitted,
    TakenBack,
)
from service.notifications.notify import Recipient, notify
from service.porting.amending import ask_to_cancel, correct_at_carrier
from service.porting.filing import file_when_free, is_free
from service.porting.letters import wait_for_signature
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.reasons import needs_staff
from service.porting.signed_links import status_link
from service.porting.states import State
from service.services import Services
from service.time import day_or_moment

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
        kind = AlertKind.PUZZLING_FACT if row.puzzling else AlertKind.LOOK_AT_PORT
        about = f"port_number:{row.port_number_id}"
        alert(session, kind, about, event=row.event, word=row.details.get("word", ""))


ATTEMPTS_BEFORE_STAFF = 3


def tell_action_needed(session: Session, services: Services, happened: Happened) -> None:
    """Tell the customer what to mend; what only staff can mend, or came three times, goes to the porting desk too."""
    for group in alike(happened, "reasons"):
        number, reasons = group[0].port_number, group[0].details["reasons"]
        notice = ActionNeeded(reasons=reasons, found_at=group[0].at)
        version = f"{_version(group)}:{','.join(reasons)}:{_waits_since(session, group[0])}"
        notify_project(session, services, number.project, notice, version, _numbers(group))
        if needs_staff(reasons) or _times_filed(number) >= ATTEMPTS_BEFORE_STAFF:
            alert(session, AlertKind.PORT_NEEDS_STAFF, f"port_number:{number.id}", reasons=reasons)


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
        old, new = group[0].details["old_date"], day_or_moment(group[0].details["date"])
        version = date_version(group[0].port_number.project)
        notice = (
            DateMoved(old_date=day_or_moment(old), date=new, date_version=version)
            if old
            else DateSet(date=new, date_version=version)
        )
        _notify_of_date(session, services, group, notice)


def tell_date_withdrawn(session: Session, services: Services, happened: Happened) -> None:
    """Tell that there is no date any more."""
    for group in alike(happened, "old_date"):
        old, version = day_or_moment(group[0].details["old_date"]), date_version(group[0].port_number.project)
        _notify_of_date(session, services, group, DateWithdrawn(old_date=old, date_version=version))


def _notify_of_date(session: Session, services: Services, group: Happened, notice: Notice) -> None:
    number = group[0].port_number
    version = f"{_version(group)}#{number.date_version}"
    notify_project(session, services, number.project, notice, version, _numbers(group))


def date_version(project: PortProject) -> int:
    """Calendars want a version that grows with every change of a date of any of the project's numbers."""
    return sum(number.date_version for number in project.numbers)


def tell_taken_back(session: Session, services: Services, happened: Happened) -> None:
    """Say that the temporary number serves again, and that the old service is still needed. Each time it happens."""
    for row in happened:
        temporary = number_shown(session, row.port_number.project)
        _notify_of_one(session, services, row, TakenBack(taken_back_at=row.at, temporary=temporary))


def tell_returned(session: Session, services: Services, happened: Happened) -> None:
    """Say that it is with the old operator again, and that its service has to be kept."""
    for row in happened:
        temporary = number_shown(session, row.port_number.project)
        _notify_of_one(session, services, row, Returned(returned_at=row.at, temporary=temporary))


def _notify_of_one(session: Session, services: Services, row: PortHistory, notice: Notice) -> None:
    version = f"{row.port_number_id}:{row.sequence}"
    notify_project(session, services, row.port_number.project, notice, version, [row.port_number])


def tell_submitted(session: Session, services: Services, happened: Happened) -> None:
    """Say once that it is on its way, however many orders it becomes."""
    number = happened[0].port_number
    notice, version = Submitted(submitted_at=happened[0].at), str(number.attempt_id)
    notify_project(session, services, number.project, notice, version, _numbers(happened))


def tell_expired(session: Session, services: Services, happened: Happened) -> None:
    """Tell of a letter that was never signed, with all numbers of its filing."""
    for group in alike(happened):
        number = group[0].port_number
        notice, version = Expired(expired_at=group[0].at), str(number.attempt_id)
        notify_project(session, services, number.project, notice, version, filed_with(number))


def tell_not_portable(session: Session, services: Services, happened: Happened) -> None:
    """Tell which numbers stay where they are, and why."""
    for group in alike(happened, "reasons"):
        project = group[0].port_number.project
        notice = NotPortable(found_at=group[0].at, reasons=group[0].details.get("reasons", []))
        notify_project(session, services, project, notice, _version(group), _numbers(group))


def tell_canceled(session: Session, services: Services, happened: Happened) -> None:
    """Tell that it stays where it is, and take a date back out of the calendar."""
    for group in alike(happened, "old_date"):
        project, old = group[0].port_number.project, _date_in(group[0], "old_date")
        notice = Canceled(canceled_at=group[0].at, old_date=old, date_version=date_version(project))
        notify_project(session, services, project, notice, _version(group), _numbers(group))


def tell_cancel_refused(session: Session, services: Services, happened: Happened) -> None:
    """Tell that it moves after all, and when."""
    for group in alike(happened, "date"):
        notice = CancelRefused(refused_at=group[0].at, date=_date_in(group[0], "date"))
        version = f"{_version(group)}:{group[0].sequence}"
        notify_project(session, services, group[0].port_number.project, notice, version, _numbers(group))


def _date_in(row: PortHistory, name: str) -> date | datetime | None:
    stated = row.details.get(name)
    return day_or_moment(stated) if stated else None


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


def notify_project(
    session: Session,
    services: Services,
    project: PortProject,
    notice: Notice,
    version: str,
    numbers: Sequence[PortNumber],
) -> None:
    """Notify a project's contact about some of its numbers, once for each version of the notice."""
    recipient = Recipient(project.id, project.language, project.contact_number, project.contact_email)
    about = About(
        numbers=[number.number for number in numbers],
        link=page_of(services, project, notice.kind),
        zone=project.workspace.zone,
    )
    notify(session, services, recipient, about, notice, version)


def number_shown(session: Session, project: PortProject) -> str:
    """The number (E.164) that the project's line shows while it waits for another, "" when it has none."""
    shown = shown_number(worn for worn in numbers_of(session, project.line_id) if worn.role is not NumberRole.ARRIVING)
    return shown.number if shown else ""


_INSIDE = {
    NoticeKind.ACTION_NEEDED: "/fix",
    NoticeKind.SIGNATURE_WANTED: "",
    NoticeKind.SIGNATURE_REMINDER: "",
    NoticeKind.RETURNED: "",
    NoticeKind.CANCELED: "",
    NoticeKind.EXPIRED: "",
    NoticeKind.NOT_PORTABLE: "",
}
"""Notices after which the customer has something to do, and the page for it; others lead to the status page."""


def page_of(services: Services, project: PortProject, kind: NoticeKind) -> str:
    """The address that a notice leads to."""
    shared = "" if kind in _INSIDE else status_link(services, project)
    page = f"{services.settings.public_base_url}/ports/{project.public_id}{_INSIDE.get(kind, '')}"
    return shared or f"{page}?in={project.language}"
