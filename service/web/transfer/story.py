"""A port in words: its progress, its history, and until when it can be canceled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from service.porting.checks import last_free_moment
from service.porting.choice import porting_of
from service.porting.models import PortProject
from service.porting.queries import Happened, stage_left
from service.porting.rollup import order_state
from service.porting.states import GONE_BY, Command, Fact, State, answer
from service.services import Services
from service.time import now
from service.web.shell.words import speaker, stated


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage of every port; `place` is done, here or ahead."""

    title: str
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a port: when (aware UTC), a sentence, its first number, and how many others it concerns."""

    at: datetime
    sentence: str
    number: str
    others: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether a port can still be canceled, and until when (aware UTC) if that is known.

    `movable`: another day can be asked for; `in_place`: without canceling and filing again.
    """

    possible: bool
    until: datetime | None
    movable: bool = False
    in_place: bool = False


_STAGES: Final = (
    (State.SUBMITTING, "Sent", "We send your request to our carrier. You don’t need to do anything."),
    (State.AWAITING_SIGNATURE, "Signature", "The person in charge of the account signs the letter we sent."),
    (State.IN_REVIEW, "In review", "Our carrier checks the paperwork. You don’t need to do anything."),
    (
        State.WITH_LOSING_CARRIER,
        "With your provider",
        ("They compare it with their records. You don’t need to do anything."),
    ),
    (State.SCHEDULED, "Date set", "Keep your old service until we tell you it’s safe to cancel."),
    (State.ACTIVATING, "Moving now", "The number changes providers. Your temporary number keeps working."),
    (State.PORTED, "Arrived, testing", "We check that calls and texts arrive here."),
    (State.LIVE, "Done", "You can cancel your old service now."),
)
"""The usual stages, with what is done at each and by whom."""

_ORDER: Final = [stage for stage, _, _ in _STAGES]

_STOPPED: Final = frozenset({State.ACTION_REQUIRED, State.CANCEL_REQUESTED})
"""States in which a port is under way, but at none of the usual stages."""

_WAITS: Final = {
    State.DRAFT: "Finish the draft and send it.",
    State.SUBMITTING: "We’re sending your request to our carrier.",
    State.AWAITING_SIGNATURE: "Waiting for the signature.",
    State.IN_REVIEW: "Our carrier is checking the paperwork.",
    State.WITH_LOSING_CARRIER: "Your provider is comparing it with their records.",
    State.SCHEDULED: "Nothing to do until then.",
    State.ACTIVATING: "The two providers are handing it over.",
    State.PORTED: "We check calls and texts from other networks, and tell you when everything works.",
    State.LIVE: "The transfer is complete.",
    State.ACTION_REQUIRED: "Waiting on you.",
    State.CANCEL_REQUESTED: "Waiting for our carrier to confirm the cancellation.",
    State.RETURNED: "The number is back with your provider.",
    State.CANCELED: "This transfer has ended.",
    State.EXPIRED: "This transfer has ended.",
    State.NOT_PORTABLE: "This transfer has ended.",
}
"""Who waits for whom, by the state of the least advanced number."""

_HEADLINES: Final = {
    State.DRAFT: "Your transfer isn’t sent yet",
    State.SUBMITTING: "We’re sending your request",
    State.AWAITING_SIGNATURE: "Waiting for a signature",
    State.IN_REVIEW: "Your request is in review",
    State.WITH_LOSING_CARRIER: "Your provider is checking your request",
    State.SCHEDULED: "The dates are set",
    State.ACTIVATING: "Your number is moving",
    State.PORTED: "Calls are arriving here",
    State.LIVE: "Your number is here",
    State.ACTION_REQUIRED: "We need one thing from you",
    State.CANCEL_REQUESTED: "We’re canceling the transfer",
    State.RETURNED: "Your number is back with your provider",
    State.CANCELED: "The transfer was canceled",
    State.EXPIRED: "The letter wasn’t signed in time",
    State.NOT_PORTABLE: "This number can’t transfer",
}
"""What is so now, by the state of the least advanced number."""

_SENTENCES: Final = {
    Command.SUBMIT: "You sent the request.",
    Command.CORRECT: "You corrected it and sent it again.",
    Command.RESCHEDULE: "You asked for another date.",
    Command.CANCEL: "You asked to cancel.",
    Command.TAKE_BACK: "You undid the transfer. You’re back on the temporary number.",
    Command.MOVE_AGAIN: "The transfer started again.",
    Fact.DRAFTED: "Our carrier opened an order for it.",
    Fact.TAKEN_ON: "Our carrier accepted the request.",
    Fact.SIGNATURE_WANTED: "The letter of authorization was sent for signature.",
    Fact.SIGNED: "The letter of authorization was signed.",
    Fact.SENT_ON: "Our carrier sent the request to your provider.",
    Fact.DATE_COMMITTED: "Your provider agreed to a date.",
    Fact.DAY_CAME: "Moving day began.",
    Fact.ACTIVATION_STARTED: "The number started moving.",
    Fact.PORTED: "The number arrived.",
    Fact.PROVEN: "Everything works here.",
    Fact.RETURNED: "The number was returned to your provider.",
    Fact.REJECTED: "Your provider asked for a correction.",
    Fact.CANCEL_STARTED: "We started canceling.",
    Fact.CANCELED: "The transfer was canceled.",
    Fact.EARLIER_ENDED: "We canceled the earlier request to send the new one.",
    Fact.CANCEL_DENIED: "It was too late to change or cancel.",
    Fact.EXPIRED: "The letter expired unsigned.",
    Fact.NOT_PORTABLE: "Our carrier said the number can’t transfer.",
    Fact.UNKNOWN: "Our carrier sent an update. We’re looking into it.",
}
"""A sentence for each event of the history."""

_ON: Final = "Your provider agreed to {day}."


def milestones(session: Session, project: PortProject) -> list[Milestone]:
    """The stages of a port by its least advanced number, which may be stopped at one; empty once it has ended."""
    weakest = order_state(number.state for number in project.numbers)
    stopped = weakest in _STOPPED
    stage = _stopped_at(session, project, weakest) if stopped else weakest
    if stage not in _ORDER:
        return []
    here = _ORDER.index(stage)
    return [
        Milestone(gettext(title), gettext(_WAITS[weakest] if stopped else who), _place(position, here))
        for position, (_, title, who) in enumerate(_STAGES)
    ]


def waiting_for(states: Sequence[State], *, taken_back: bool, astray: bool) -> str:
    """Who waits for whom; once arrived, also whether the cutover was taken back or calls go astray."""
    weakest = order_state(states)
    if taken_back and weakest is State.PORTED:
        return str(gettext("You’re on your temporary number."))
    if astray and weakest is State.LIVE:
        return str(gettext("Our transfer desk is having the networks fixed. You don’t need to do anything."))
    return str(gettext(_WAITS[weakest]))


def headline_of(project: PortProject, days: Sequence[date], *, taken_back: bool, astray: bool) -> str:
    """What is so now, in one line; `days` are those that the old operator committed to."""
    weakest = order_state(number.state for number in project.numbers)
    if taken_back:
        return str(gettext("Transfer undone"))
    if astray:
        return str(gettext("Keep your old service a little longer"))
    if weakest is State.SCHEDULED and len(days) == 1:
        count, day = len(project.numbers), speaker().when(days[0])
        return str(ngettext("Your number moves %(day)s", "Your numbers move %(day)s", count, day=day))
    return str(gettext(_HEADLINES[weakest]))


def events_of(timeline: Iterable[Happened]) -> list[Event]:
    """A history in sentences."""
    return [Event(one.at, _sentence(one), one.number, one.count - 1) for one in timeline]


def closing_of(project: PortProject, services: Services) -> Closing:
    """Whether and until when a project can be canceled: the earliest moment of its open numbers."""
    open_numbers = [number for number in project.numbers if number.state not in GONE_BY]
    moments = [last_free_moment(number, porting_of(services, number).capabilities) for number in open_numbers]
    until = min((moment for moment in moments if moment), default=None)
    too_far = any(number.state is State.ACTIVATING for number in open_numbers)
    possible = bool(open_numbers) and not too_far and (until is None or now() < until)
    movable = [number for number in open_numbers if answer(number.state, Command.RESCHEDULE)]
    in_place = all(porting_of(services, number).capabilities.changes_in_place for number in movable)
    return Closing(possible, until, movable=possible and bool(movable), in_place=in_place)


def _sentence(happened: Happened) -> str:
    if happened.date:
        return str(gettext(_ON)).format(day=stated(happened.date))
    return str(gettext(_SENTENCES[_event(happened.event)]))


def _event(name: str) -> Command | Fact:
    return Command(name) if name in set(Command) else Fact(name)


def _stopped_at(session: Session, project: PortProject, stopped: State) -> State | None:
    """The usual stage at which the numbers in this state were stopped: by their old operator, or wherever they were."""
    if stopped is State.ACTION_REQUIRED:
        return State.WITH_LOSING_CARRIER
    return stage_left(session, project, stopped, _ORDER)


def _place(position: int, here: int) -> str:
    if position < here or here == len(_ORDER) - 1:
        return "done"
    return "here" if position == here else "ahead"
