"""The page of a port: inside for its workspace, outside for visitors with a link."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import User
from service.cutover.queries import notified_of_strays, taken_back_among
from service.desk.messages import messages_of
from service.desk.questions import open_question
from service.errors import NotFound
from service.lines.inventory import numbers_of
from service.lines.models import Showing
from service.notifications.calendar import Entry, calendar
from service.porting.estimate import estimate
from service.porting.followers import date_version
from service.porting.learning import stated_date
from service.porting.letters import letter_awaited, sign_link
from service.porting.models import PortNumber, PortProject
from service.porting.queries import state_of, timeline
from service.porting.signed_links import status_link
from service.porting.states import FINAL, State
from service.time import now
from service.web.shell.branding import brand
from service.web.shell.context import person, services
from service.web.shell.requests import row_id
from service.web.shell.words import speaker
from service.web.transfer.accounts import summaries
from service.web.transfer.contact_code import unproven_contact
from service.web.transfer.moment import choosings_of
from service.web.transfer.own_number import offer_for
from service.web.transfer.story import closing_of, events_of, headline_of, milestones, waiting_for

FEW: Final = 12
"""Up to this many numbers are listed one by one; of more, the page counts how many are in each state."""

PER_PAGE: Final = 30
"""Events of the history on a page."""

DATED: Final = frozenset({State.SCHEDULED, State.ACTIVATING})


def page_outside(session: Session, project: PortProject, template: str, here: str, token: str) -> str:
    """Render the page for visitors with a link. Its blueprint has views `progress` and `calendar` of the same token."""
    progress, calendar = url_for(".progress", token=token), url_for(".calendar", token=token)
    return port_page(session, project, template, here=here, progress=progress, calendar=calendar)


def port_page(session: Session, project: PortProject, template: str, **addresses: str) -> str:
    """Render the page of a port. `addresses` are links of the page outside; without them it is the page inside."""
    states = [number.state for number in project.numbers]
    taken_back = taken_back_among(session, project.numbers)
    before = request.args.get("before", type=row_id)
    history = timeline(session, project, before=before, most=PER_PAGE + 1)
    astray = list(session.scalars(notified_of_strays().where(PortNumber.project_id == project.id)))
    dates = _dates(project)
    days = [number.committed_on for number in dates if number.committed_on]
    return render_template(
        template,
        project=project,
        state=state_of(project),
        milestones=[] if taken_back else milestones(session, project),
        waiting=waiting_for(states, taken_back=bool(taken_back), astray=bool(astray)),
        taken_back=taken_back,
        astray=astray,
        arrived=State.PORTED in states and FINAL.issuperset({*states} - {State.PORTED}),
        headline=headline_of(project, days, taken_back=bool(taken_back), astray=bool(astray)),
        dates=dates,
        expected=estimate(session, services(), project),
        closing=closing_of(project, services()),
        choosings=[] if addresses else choosings_of(project),
        story=events_of(history[:PER_PAGE]),
        older=history[PER_PAGE - 1].id if len(history) > PER_PAGE else None,
        before=before,
        counts=_counts(project),
        accounts=[] if addresses else summaries(session, project),
        numbers=numbers_of(session, project.line_id),
        states=State,
        asks_you=not addresses and not {State.ACTION_REQUIRED, State.AWAITING_SIGNATURE}.isdisjoint(states),
        canceling=set(states) - FINAL == {State.CANCEL_REQUESTED},
        offer=None if addresses else offer_for(session, project),
        contact=None if addresses else unproven_contact(session, project),
        showing=Showing,
        question=None if addresses else open_question(session, project),
        messages=[] if addresses else messages_of(session, project, PER_PAGE),
        outside=addresses,
        link=status_link(services(), project),
        sign_at="" if addresses else sign_at(session, project, person()),
    )


def sign_at(session: Session, project: PortProject, user: User) -> str:
    """Link to our own letter if this person is the one to sign it, else ""."""
    waiting = {one.attempt_id: one for one in project.numbers if one.state is State.AWAITING_SIGNATURE}
    letters = (letter_awaited(session, one) for one in waiting.values())
    letter = next((letter for letter in letters if letter), None)
    signer = user.email.casefold() == project.authorized_email.casefold()
    return sign_link(services(), letter) if letter and signer else ""


def calendar_file(project: PortProject) -> Response:
    """The committed dates as a calendar file. Raises `NotFound` while there is none."""
    dated = _dated(project)
    if not dated:
        raise NotFound("There’s no date yet.")
    version, link = date_version(project), status_link(services(), project)
    called = brand()
    entries = [Entry(project.id, one.number, one.committed, version, link, called) for one in dated if one.committed]
    headers = {"Content-Disposition": 'attachment; filename="move.ics"'}
    return Response(calendar(entries, speaker(), now()), mimetype="text/calendar", headers=headers)


def _dated(project: PortProject) -> Sequence[PortNumber]:
    return [number for number in project.numbers if number.state in DATED and number.committed_on]


def _dates(project: PortProject) -> list[PortNumber]:
    """A number for each committed date, the earliest first."""
    by_date = {stated_date(number): number for number in reversed(_dated(project))}
    return [by_date[date] for date in sorted(by_date)]


def _counts(project: PortProject) -> dict[State, int]:
    many = len(project.numbers) > FEW
    return dict(Counter(number.state for number in project.numbers)) if many else {}
