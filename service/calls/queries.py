"""Reads for answering a call, and for the pages about call plans."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.callbacks import CallArrived
from service.accounts.models import Member, Workspace
from service.calls.document import Earlier, read, read_earlier
from service.calls.loops import comes_back, not_ours, since
from service.calls.models import CallPlan
from service.calls.nodes import Forward, Node, Plan, When
from service.calls.versions import VERSIONS
from service.db import Asked, Read, Reads
from service.language import Language
from service.lines.models import BrowserPhone, Line, NumberRole, Phone, PhoneNumber, Standing
from service.phone_numbers import HOME, is_dialable, known_as, spellings, without_extension
from service.spending.destinations import HOME as OUR_COUNTRIES
from service.spending.destinations import barrier
from service.spending.models import Allowance

AWAKE: Final = timedelta(seconds=90)
"""So long does the word of a page count; a browser lets the clock of a page in the background run once a minute."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A phone of a line: its id, its number (E.164), and its name, if it has one.

    It rings while its owner is `on_duty`; a phone without an owner in the team always rings. A browser rings while its
    page was `seen` lately (seconds since 1970).
    """

    id: int
    number: str
    name: str = ""
    on_duty: bool = True
    seen: float | None = None

    @property
    def is_listed(self) -> bool:
        """Whether a directory reads out its name; not that of a browser, whose owner may have a phone with it too."""
        return bool(self.name) and not is_browser(self.number)

    def is_asleep(self, at: datetime) -> bool:
        """Whether this is a browser whose page has not said lately that it is awake."""
        return is_browser(self.number) and at.timestamp() - (self.seen or 0) > AWAKE.total_seconds()


@dataclass(frozen=True, slots=True)
class Stops:
    """What a line does not ring: forwards while `paused`, and forwards or all phones until a moment (aware)."""

    paused: bool = False
    forwards_until: datetime | None = None
    phones_until: datetime | None = None

    def forwards(self, at: datetime) -> bool:
        """Whether calls are not forwarded at a moment."""
        return self.paused or self.phones(at) or (self.forwards_until is not None and at < self.forwards_until)

    def phones(self, at: datetime) -> bool:
        """Whether not even the line's own phones ring at a moment."""
        return self.phones_until is not None and at < self.phones_until


NO_STOPS: Final = Stops()


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering a call needs to know of a line: `business` is the name, `language` the language our voice speaks.

    `country` (ISO 3166) is where the line is, `comes_back` whether this call looks like a forwarding loop (`loops.py`).
    `moved_to` is the line's own number (E.164) if the called number is retiring, else empty. `forwards_to_us` says
    whether we hold the number to which the line's calls are forwarded. `versions` tells the versions of the rows of
    which the rest was made; it is empty if some phones are left out because we hold their numbers. `stops` is what
    caps and pauses stop, `held_back` whether anything was left out for that.
    """

    line_id: int
    language: Language
    country: str
    business: str
    phones: tuple[Rung, ...]
    plan: Plan
    comes_back: bool = False
    moved_to: str = ""
    forwards_to_us: bool = False
    versions: str = field(default="", compare=False)
    stops: Stops = NO_STOPS
    held_back: bool = False

    def forwarded_to(self, *, is_open: bool) -> str:
        """The number (E.164) to which calls are forwarded while the line is open or closed, "" if they are not.

        A number that has come to us meanwhile is none: it would be a loop.
        """
        forwarding, hours = self.plan.forwarding, When.OPEN if is_open else When.CLOSED
        if not forwarding or not forwarding.on or self.forwards_to_us:
            return ""
        return forwarding.number if forwarding.when in {When.ALWAYS, hours} else ""

    def within(self, countries: Collection[str]) -> "Answering":
        """The same without phones and forwards that may not be called: dear ones, and those outside of these countries.

        They may have been saved before that was so.
        """
        phones = tuple(phone for phone in self.phones if not barrier(phone.number, countries))
        nodes: dict[str, Node] = {
            name: replace(node, number="") if isinstance(node, Forward) and barrier(node.number, countries) else node
            for name, node in self.plan.nodes.items()
        }
        forwarding = self.plan.forwarding
        if forwarding and barrier(forwarding.number, countries):
            forwarding = None
        return replace(self, phones=phones, plan=replace(self.plan, nodes=nodes, forwarding=forwarding))

    def within_caps(self, at: datetime) -> "Answering":
        """The same without what caps and pauses stop at a moment: forwards and phones abroad, or all phones."""
        if not self.stops.forwards(at):
            return self
        home = {*OUR_COUNTRIES, self.country}
        phones = tuple(one for one in self.phones if not barrier(one.number, home))
        nodes: dict[str, Node] = {
            name: replace(node, number="") if isinstance(node, Forward) else node
            for name, node in self.plan.nodes.items()
        }
        plan = replace(self.plan, nodes=nodes, forwarding=None)
        return replace(self, phones=() if self.stops.phones(at) else phones, plan=plan, held_back=True)

    def without_sleepers(self, at: datetime) -> "Answering":
        """The same with browsers that are asleep at a moment as if their owners were off duty."""
        phones = tuple(replace(one, on_duty=False) if one.is_asleep(at) else one for one in self.phones)
        return replace(self, phones=phones)

    def holds_back(self, node: Node) -> bool:
        """Whether a cap or a pause keeps a node from ringing."""
        return self.held_back and (isinstance(node, Forward) or not self.phones)

    def rung_numbers(self) -> set[str]:
        """The numbers (E.164) that a call may ring by itself: the line's phones, and where it is forwarded."""
        forwarding = self.plan.forwarding
        phones = {without_extension(phone.number) for phone in self.phones}
        return phones | ({forwarding.number} if forwarding and forwarding.on else set())

    def may_ring(self) -> set[str]:
        """What a call may ring in all (E.164, or a browser), as far as the plan leads."""
        forwards = {node.number for node in self.plan.nodes.values() if isinstance(node, Forward) and node.number}
        return self.rung_numbers() | forwards


def answering_at(reads: Reads, arrival: CallArrived, at: datetime) -> Answering | None:
    """How the called line answers; None if no line holds the number. One statement, as the caller is waiting."""
    return _answering(_AT_NUMBER.first(reads, **asked_of(arrival, at)))


def asked_of(arrival: CallArrived, at: datetime) -> dict[str, Asked]:
    """What `of_called_number` asks of a call."""
    caller = known_as(arrival.caller, HOME)
    return {
        "number": arrival.called,
        "callers": list(spellings(caller)) if is_dialable(caller) else [],
        "reference": arrival.reference,
        "since": since(at),
    }


def answering_on(reads: Reads, line_id: int) -> Answering | None:
    """How a line answers; None if there is no such line."""
    return _answering(_ON_LINE.first(reads, line_id=line_id))


def plan_of(session: Session, line_id: int) -> Plan:
    """The call plan of a line; the usual plan if it was not set up."""
    return read(document_of(session, line_id))


def plans_of(session: Session, line_ids: Collection[int]) -> dict[int, Plan]:
    """The call plan of each of these lines, by the line's id."""
    stored = select(CallPlan.line_id, _DOCUMENT).where(CallPlan.line_id.in_(line_ids))
    documents = {line_id: document for line_id, document in session.execute(stored)}  # noqa: C416 -- rows are no tuples
    return {line_id: read(documents.get(line_id)) for line_id in line_ids}


def earlier_plan(session: Session, line_id: int) -> Earlier | None:
    """The plan that a line had before its last change; None if it was never changed."""
    return read_earlier(document_of(session, line_id))


def document_of(session: Session, line_id: int) -> str | None:
    """The stored document of a line's plans, as JSON text; None if there is none."""
    found = _DOCUMENT_OF.first(session, of=line_id)
    return str(found[0]) if found else None


_DOCUMENT = cast(CallPlan.document, Text)
_DOCUMENT_OF = Read(select(_DOCUMENT).where(CallPlan.line_id == bindparam("of")))

_OFF_DUTY = (
    exists()
    .where(Member.user_id == Phone.user_id, Member.workspace_id == Line.workspace_id, Member.on_duty.is_(False))
    .correlate(Phone, Line)
)
_SEEN = select(func.extract("epoch", BrowserPhone.seen_at)).where(BrowserPhone.number == Phone.number)
_PHONE = func.json_build_array(Phone.id, Phone.number, Phone.name, ~_OFF_DUTY, _SEEN.correlate(Phone).scalar_subquery())
_PHONES = select(func.json_agg(aggregate_order_by(_PHONE, Phone.position, Phone.id), type_=JSON)).where(
    Phone.line_id == Line.id, not_ours()
)

_TARGET = aliased(PhoneNumber)
_FORWARDS_TO_US = exists().where(
    _TARGET.number == CallPlan.document["forwarding"]["number"].astext, _TARGET.standing == Standing.HELD
)

_LEFT_OUT = exists().where(Phone.line_id == Line.id, ~not_ours()).correlate(Line)

_COLUMNS = (
    Line.id,
    Line.language,
    Line.country,
    Workspace.name,
    _PHONES.correlate(Line).scalar_subquery(),
    _DOCUMENT,
    _FORWARDS_TO_US.correlate(CallPlan),
    Allowance.paused_at.is_not(None),
    Allowance.forwards_stopped_until,
    Allowance.phones_stopped_until,
)

_OWN = aliased(PhoneNumber)
_MOVED_TO = (
    select(func.min(_OWN.number))
    .where(_OWN.line_id == Line.id, _OWN.standing == Standing.HELD, _OWN.role == NumberRole.PRIMARY)
    .correlate(Line)
    .scalar_subquery()
)


def of_line(*columns: ColumnElement[Any] | QueryableAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """A statement for these columns of a line, its workspace with its allowance, and its call plan."""
    lines = select(*columns).select_from(Line).join(Workspace, Workspace.id == Line.workspace_id)
    allowed = lines.outerjoin(Allowance, Allowance.workspace_id == Workspace.id)
    return allowed.outerjoin(CallPlan, CallPlan.line_id == Line.id)


def of_called_number(*columns: ColumnElement[Any] | QueryableAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """The same of the line that holds a number; and whether the call comes back, and the line's own number instead.

    Bind what `asked_of` says.
    """
    own = case((PhoneNumber.role == NumberRole.RETIRING, _MOVED_TO))
    return (
        of_line(*columns, comes_back(), own)
        .join(PhoneNumber, PhoneNumber.line_id == Line.id)
        .where(PhoneNumber.number == bindparam("number"), PhoneNumber.standing == Standing.HELD)
    )


_AT_NUMBER = Read(of_called_number(*_COLUMNS, case((_LEFT_OUT, ""), else_=VERSIONS)))
_ON_LINE = Read(
    of_line(*_COLUMNS, literal(""), literal(value=False), literal("")).where(Line.id == bindparam("line_id"))
)


def _answering(found: tuple[Any, ...] | None) -> Answering | None:
    if found is None:
        return None
    line_id, language, country, business, phones, document, to_us, *stops, versions, again, moved_to = found
    rung = tuple(Rung(*phone) for phone in phones or ())
    spoken, plan = Language(language), read(document)
    own = {"comes_back": again, "moved_to": moved_to or "", "forwards_to_us": to_us, "versions": versions}
    return Answering(line_id, spoken, country, business, rung, plan, **own, stops=Stops(*stops))
