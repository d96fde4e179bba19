"""What the sidebar shows beside every page: the lines, what waits in them, and the transfer under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import g
from flask import session as cookie
from sqlalchemy import case, false, func, select
from sqlalchemy.orm import Session, object_session

from service.accounts.access import seen_by
from service.accounts.members import membership_in, memberships
from service.accounts.models import IN_CHARGE, Member, Membership
from service.inbox.listing import Waiting, waiting_on
from service.lines.inventory import shown_number
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.models import PortNumber, PortProject
from service.porting.queries import YOURS, ports_seen_by
from service.porting.states import FINAL, State
from service.web.shell.context import member_to_be, person, services, this_sign_in

FEW: Final = 12
"""Lines in the sidebar; of more, the page of numbers has all."""

STEPS: Final = (
    State.SUBMITTING,
    State.AWAITING_SIGNATURE,
    State.IN_REVIEW,
    State.WITH_LOSING_CARRIER,
    State.SCHEDULED,
    State.ACTIVATING,
    State.PORTED,
    State.LIVE,
)
"""The steps of a transfer, as its page draws them."""


@dataclass(frozen=True, slots=True)
class LineLink:
    """A line: the number that it shows (E.164), "" while it holds none, and how many conversations are open."""

    id: int
    name: str
    number: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Journey:
    """A transfer by one of its numbers, one that waits for the customer if any does; `more` counts the others."""

    public_id: str
    number: str
    more: int
    state: State
    committed_on: date | None
    yours: bool

    @property
    def step(self) -> int:
        """At which of `STEPS` it stands; one that was stopped, at the old operator."""
        return STEPS.index(self.state if self.state in STEPS else State.WITH_LOSING_CARRIER)


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The workspace's name, those of all of the person's workspaces by id, and the lines that they see in this one.

    Before a second step that the workspace demands it has neither lines nor a transfer. `more` says that there are
    further lines.
    """

    workspace_id: int
    workspaces: Mapping[int, str]
    in_charge: bool
    owner: bool
    on_duty: bool
    lines: Sequence[LineLink]
    more: bool
    journey: Journey | None

    @property
    def unread(self) -> int:
        """How many open conversations have something new for the person."""
        return sum(line.waiting.unread for line in self.lines)


def sidebar() -> Sidebar | None:
    """The sidebar of the person who is signed in; None for staff who belong to no workspace."""
    if "sidebar" not in g:
        g.sidebar = _sidebar()
    found: Sidebar | None = g.sidebar
    return found


def _sidebar() -> Sidebar | None:
    here: Member | None = g.get("here")
    session = object_session(here) if here else None
    if "support" in g:
        with services().sessions() as session:
            here = member_to_be(session)
            return _beside(session, here, g.places)
    if here and session:
        return _beside(session, here, g.places)
    with services().sessions() as session:  # for a page that read nothing, or whose reading failed
        places = memberships(session, person().id)
        return _beside(session, membership_in(places, cookie.get("workspace")), places) if places else None


def _beside(session: Session, me: Member, places: Sequence[Member]) -> Sidebar:
    shut = me.workspace.second_step and not this_sign_in().second_step
    seen = select(Line).where(false() if shut else seen_by(me), Line.removed_at.is_(None))
    lines = list(session.scalars(seen.order_by(Line.id).limit(FEW + 1)))
    return Sidebar(
        workspace_id=me.workspace_id,
        workspaces={place.workspace_id: place.workspace.name for place in places},
        in_charge=me.role in IN_CHARGE,
        owner=me.role is Membership.OWNER,
        on_duty=me.on_duty,
        lines=_links(session, me, lines[:FEW]),
        more=len(lines) > FEW,
        journey=None if shut else _journey(session, me),
    )


def _links(session: Session, me: Member, lines: Sequence[Line]) -> list[LineLink]:
    held = PhoneNumber.standing == Standing.HELD, PhoneNumber.line_id.in_([line.id for line in lines])
    numbers = list(session.scalars(select(PhoneNumber).where(*held).order_by(PhoneNumber.id)))
    waiting = waiting_on(session, me, lines)
    shown = {line.id: shown_number(one for one in numbers if one.line_id == line.id) for line in lines}
    return [
        LineLink(line.id, line.name, number.number if (number := shown[line.id]) else "", waiting[line.id])
        for line in lines
    ]


def _journey(session: Session, me: Member) -> Journey | None:
    """Of the transfers that the person sees, the one that waits for the customer, or the one begun last."""
    yours = PortNumber.state.in_(YOURS)
    count = func.count().over(partition_by=PortNumber.project_id)
    number = (
        select(PortProject.public_id, PortNumber.number, count, PortNumber.state, PortNumber.committed_on)
        .join(PortNumber.project)
        .where(ports_seen_by(me), PortNumber.state.not_in([*FINAL, State.DRAFT]))
        .order_by(case((yours, 0), else_=1), PortProject.id.desc(), PortNumber.id)
        .limit(1)
    )
    found = session.execute(number).one_or_none()
    if not found:
        return None
    public_id, first, numbers, state, committed_on = found
    return Journey(public_id, first, numbers - 1, state, committed_on, yours=state in YOURS)
