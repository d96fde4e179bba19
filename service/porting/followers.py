"""What follows from transitions: jobs, ledger entries and notices, written in the transaction of the transition.

Numbers of one filing that changed together, with the same details, share one notice.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.brands import brand_of
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
from service.porting.completing import complete_at_carrier
from service.porting.filing import file_when_free, is_free
from service.porting.letters import wait_for_signature
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.reasons import needs_staff
from service.porting.signed_links import status_link
from service.porting.states import State
from service.services import Services
from service.team_notices.transfers import notify_of_transfer
from service.time import day_or_moment

Happened = Sequence[PortHistory]


def file(session: Session, services: Services, happened: Happened) -> None:
    """Owe the filing of the numbers' attempts, unless our own letter of authorization has to be signed first."""
    for attempt_id in dict.fromkeys(number.attempt_id for number in _numbers(happened)):
        if attempt_id and not wait_for_signature(session, services, attempt_id):
            file_when_free(session, attempt_id)


def complete(session: Session, services: Services, happened: Happened) -> None:
    """Have the drafts that the carrier made of a filing completed, each by itself."""
    for order_id in dict.fromkeys(number.order_id for number in _numbers(happened)):
        if order_id:
            complete_at_carrier.defer(session, order_id=order_id)


def refile(session: Session, services: Services, happened: Happened) -> None:
    """Queue the corrected data, once for each order. Numbers without an order are filed anew."""
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
    """Queue the request to cancel the numbers. A number that is just being filed follows once its order is known."""
    ask_to_cancel(session, [number for number in _numbers(happened) if not is_free(number)])


def alert_staff(session: Session, services: Services, happened: Happened) -> None:
    """Alert the operators to what happened, number by number."""
    for row in happened:
        kind = AlertKind.PUZZLING_FACT if row.puzzling else AlertKind.LOOK_AT_PORT
        about = f"port_number:{row.port_number_id}"
        alert(session, kind, about, event=row.event, word=row.details.get("word", ""))


ATTEMPTS_BEFORE_STAFF = 3


def notify_action_needed(session: Session, services: Services, happened: Happened) -> None:
    """Tell the customer what to correct. The porting desk is alerted if it is for staff, or at the third filing."""
    for group in alike(happened, "reasons"):
        number, reasons = group[0].port_number, group[0].details["reasons"]
        notice = ActionNeeded(reasons=reasons, found_at=group[0].at)
        version = f"{_version(group)}:{','.join(reasons)}:{_waits_since(session, group[0])}"
        notify_project(session, services, number.project, notice, version, _numbers(group))
        if needs_staff(reasons) or _times_filed(number) >= ATTEMPTS_BEFORE_STAFF:
            alert(session, AlertKind.PORT_NEEDS_STAFF, f"port_number:{number.id}", reasons=reasons)


def _waits_since(session: Session, row: PortHistory) -> int:
    """The history row from which a number waits for its customer, so that a later rejection gets its own notice."""
    begun = select(func.max(PortHistory.sequence)).where(
        PortHistory.port_number_id == row.port_number_id,
        PortHistory.sequence <= row.sequence,
        PortHistory.before != State.ACTION_REQUIRED,
    )
    return session.execute(begun).scalar_one()


def notify_date(session: Session, services: Services, happened: Happened) -> None:
    """Notify of the committed date, or that it changed. A date without a clock time is stated without one."""
    for group in alike(happened, "old_date", "date"):
        old, new = group[0].details["old_date"], day_or_moment(group[0].details["date"])
        version = date_version(group[0].port_number.project)
        notice = (
            DateMoved(old_date=day_or_moment(old), date=new, date_version=version)
            if old
            else DateSet(date=new, date_version=version, choosable=_choosable(group))
        )
        _notify_of_date(session, services, group, notice)


def _choosable(group: Happened) -> bool:
    return any(number.order is not None and bool(number.order.windows) for number in _numbers(group))


def notify_date_withdrawn(session: Session, services: Services, happened: Happened) -> None:
    """Tell that the committed date was withdrawn."""
    for group in alike(happened, "old_date"):
        old, version = day_or_moment(group[0].details["old_date"]), date_version(group[0].port_number.project)
        _notify_of_date(session, services, group, DateWithdrawn(old_date=old, date_version=version))


def _notify_of_date(session: Session, services: Services, group: Happened, notice: Notice) -> None:
    number = group[0].port_number
    version = f"{_version(group)}#{number.date_version}"
    notify_project(session, services, number.project, notice, version, _numbers(group))


def date_version(project: PortProject) -> int:
    """A version for calendars, which grows with every change of the date of any number of the project."""
    return sum(number.date_version for number in project.numbers)


def notify_taken_back(session: Session, services: Services, happened: Happened) -> None:
    """Tell, each time, that the temporary number serves again and that the old service is still needed."""
    for row in happened:
        temporary = number_shown(session, row.port_number.line_id)
        _notify_of_one(session, services, row, TakenBack(taken_back_at=row.at, temporary=temporary))


def notify_returned(session: Session, services: Services, happened: Happened) -> None:
    """Tell that the number is back at the old operator, and that its service has to be kept."""
    for row in happened:
        temporary = number_shown(session, row.port_number.line_id)
        _notify_of_one(session, services, row, Returned(returned_at=row.at, temporary=temporary))


def _notify_of_one(session: Session, services: Services, row: PortHistory, notice: Notice) -> None:
    version = f"{row.port_number_id}:{row.sequence}"
    notify_project(session, services, row.port_number.project, notice, version, [row.port_number])


def notify_submitted(session: Session, services: Services, happened: Happened) -> None:
    """Tell once that the transfer was sent, however many orders it becomes."""
    number = happened[0].port_number
    notice, version = Submitted(submitted_at=happened[0].at), str(number.attempt_id)
    notify_project(session, services, number.project, notice, version, _numbers(happened))


def notify_expired(session: Session, services: Services, happened: Happened) -> None:
    """Tell that a letter was not signed in time, for all numbers of its filing."""
    for group in alike(happened):
        number = group[0].port_number
        notice, version = Expired(expired_at=group[0].at), str(number.attempt_id)
        notify_project(session, services, number.project, notice, version, filed_with(number))


def notify_not_portable(session: Session, services: Services, happened: Happened) -> None:
    """Tell which numbers cannot be ported, and why."""
    for group in alike(happened, "reasons"):
        project = group[0].port_number.project
        notice = NotPortable(found_at=group[0].at, reasons=group[0].details.get("reasons", []))
        notify_project(session, services, project, notice, _version(group), _numbers(group))


def notify_canceled(session: Session, services: Services, happened: Happened) -> None:
    """Tell that the port is canceled, and remove its date from the calendar."""
    for group in alike(happened, "old_date"):
        project, old = group[0].port_number.project, _date_in(group[0], "old_date")
        notice = Canceled(canceled_at=group[0].at, old_date=old, date_version=date_version(project))
        notify_project(session, services, project, notice, _version(group), _numbers(group))


def notify_cancel_refused(session: Session, services: Services, happened: Happened) -> None:
    """Tell that the cancel was refused, and when the number will be ported."""
    for group in alike(happened, "date"):
        notice = CancelRefused(refused_at=group[0].at, date=_date_in(group[0], "date"))
        version = f"{_version(group)}:{group[0].sequence}"
        notify_project(session, services, group[0].port_number.project, notice, version, _numbers(group))


def _date_in(row: PortHistory, name: str) -> date | datetime | None:
    stated = row.details.get(name)
    return day_or_moment(stated) if stated else None


def alike(happened: Happened, *names: str) -> list[Happened]:
    """Rows of one filing with the same details under these names, in the order they happened."""
    groups: dict[str, list[PortHistory]] = {}
    for row in happened:
        key = json.dumps([row.port_number.attempt_id, *(row.details.get(name) for name in names)])
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _version(group: Happened) -> str:
    """The version of a notice: the first number of its group, which is in no other group at that moment."""
    return f"{group[0].port_number.attempt_id}:{group[0].port_number_id}"


def _numbers(happened: Iterable[PortHistory]) -> list[PortNumber]:
    return [row.port_number for row in happened]


def filed_with(number: PortNumber) -> list[PortNumber]:
    """All numbers of the same filing, which are sent and signed for together."""
    return [other for other in number.project.numbers if other.attempt_id == number.attempt_id]


def _times_filed(number: PortNumber) -> int:
    """How often a number was filed: its current attempt and the ones before it."""
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
    recipient = Recipient(
        project.id, project.workspace_id, project.language, project.contact_number, project.contact_email
    )
    about = About(
        numbers=[number.number for number in numbers],
        link=page_of(services, project, notice.kind),
        zone=project.workspace.zone,
        brand=brand_of(services.settings, project.workspace).name,
    )
    notify(session, services, recipient, about, notice, version)
    lines = dict.fromkeys(number.line for number in numbers)
    notify_of_transfer(session, lines, about, notice, version, _path_of(project, notice.kind))


def number_shown(session: Session, line_id: int) -> str:
    """The number (E.164) that a line shows apart from arriving ones, "" if it has none."""
    shown = shown_number(worn for worn in numbers_of(session, line_id) if worn.role is not NumberRole.ARRIVING)
    return shown.number if shown else ""


_INSIDE = {
    NoticeKind.DETAILS_GIVEN: "",
    NoticeKind.ACTION_NEEDED: "/fix",
    NoticeKind.SIGNATURE_WANTED: "",
    NoticeKind.SIGNATURE_REMINDER: "",
    NoticeKind.RETURNED: "",
    NoticeKind.CANCELED: "",
    NoticeKind.EXPIRED: "",
    NoticeKind.NOT_PORTABLE: "",
}
"""Notices that ask the customer to do something, with the page for it; others link to the status page."""


def page_of(services: Services, project: PortProject, kind: NoticeKind) -> str:
    """The address of the page that a notice links to."""
    shared = "" if kind in _INSIDE else status_link(services, project)
    base_url = brand_of(services.settings, project.workspace).base_url
    return shared or f"{base_url}{_path_of(project, kind)}?in={project.language}"


def _path_of(project: PortProject, kind: NoticeKind) -> str:
    return f"/ports/{project.public_id}{_INSIDE.get(kind, '')}"
