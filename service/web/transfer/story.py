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
    (State.SUBMITTING, "Sent", "We hand your request to our carrier. You need do nothing."),
    (State.AWAITING_SIGNATURE, "Signature", "The person with authority signs the letter that was mailed to them."),
    (State.IN_REVIEW, "With our carrier", "Our carrier checks the papers. You need do nothing."),
    (State.WITH_LOSING_CARRIER, "With your old operator", "They compare it with their records. You need do nothing."),
    (State.SCHEDULED, "Date set", "Keep the old service until we tell you that it may end."),
    (State.ACTIVATING, "Moving now", "The number changes operators. Your temporary number works all the while."),
    (State.PORTED, "Arrived, being set up", "We make calls and texts arrive here, and check that they do."),
    (State.LIVE, "Done", "You may end the old service now."),
)
"""The usual stages, with what is done at each and by whom."""

_ORDER: Final = [stage for stage, _, _ in _STAGES]

_STOPPED: Final = frozenset({State.ACTION_REQUIRED, State.CANCEL_REQUESTED})
"""States in which a port is under way, but at none of the usual stages."""

_WAITS: Final = {
    State.DRAFT: "It waits for you to send it.",
    State.SUBMITTING: "We are handing your request to our carrier.",
    State.AWAITING_SIGNATURE: "It waits for the signature.",
    State.IN_REVIEW: "We wait for our carrier, who checks the papers.",
    State.WITH_LOSING_CARRIER: "Our carrier waits for your old operator, who compares it with their records.",
    State.SCHEDULED: "The day is set: now we wait for it.",
    State.ACTIVATING: "We wait for the two operators to hand it over.",
    State.PORTED: "We wait until every channel is proven from another network.",
    State.LIVE: "Nothing. The move is complete.",
    State.ACTION_REQUIRED: "It waits for a correction.",
    State.CANCEL_REQUESTED: "We wait for our carrier to confirm that it is canceled.",
    State.RETURNED: "Nothing. The number is with your old operator again.",
    State.CANCELED: "Nothing. This move has ended.",
    State.EXPIRED: "Nothing. This move has ended.",
    State.NOT_PORTABLE: "Nothing. This move has ended.",
}
"""Who waits for whom, by the state of the least advanced number."""

_HEADLINES: Final = {
    State.DRAFT: "It is not sent yet",
    State.SUBMITTING: "We are sending your request",
    State.AWAITING_SIGNATURE: "It needs a signature",
    State.IN_REVIEW: "Your request is in review",
    State.WITH_LOSING_CARRIER: "Your old operator is checking your request",
    State.SCHEDULED: "The dates are set",
    State.ACTIVATING: "Your number is moving",
    State.PORTED: "Your number has arrived and is being tested",
    State.LIVE: "Your number is here",
    State.ACTION_REQUIRED: "We need one thing from you",
    State.CANCEL_REQUESTED: "We are canceling the move",
    State.RETURNED: "Your number is back at your old operator",
    State.CANCELED: "The move was canceled",
    State.EXPIRED: "The letter was not signed in time",
    State.NOT_PORTABLE: "This number cannot be moved",
}
"""What is so now, by the state of the least advanced number."""

_SENTENCES: Final = {
    Command.SUBMIT: "You sent the request.",
    Command.CORRECT: "You corrected it and sent it again.",
    Command.RESCHEDULE: "You asked for another day.",
    Command.CANCEL: "You asked to cancel.",
    Command.TAKE_BACK: "The move was taken back. The temporary number serves.",
    Command.MOVE_AGAIN: "The move was begun anew.",
    Fact.TAKEN_ON: "Our carrier took it on.",
    Fact.SIGNATURE_WANTED: "The letter of authorization went out to be signed.",
    Fact.SIGNED: "The letter of authorization was signed.",
    Fact.SENT_ON: "Our carrier sent it on to your old operator.",
    Fact.DATE_COMMITTED: "Your old operator committed to a date.",
    Fact.DAY_CAME: "The day of the move began.",
    Fact.ACTIVATION_STARTED: "The move began.",
    Fact.PORTED: "The number arrived.",
    Fact.PROVEN: "Every channel was proven to work here.",
    Fact.RETURNED: "The number was sent back to your old operator.",
    Fact.REJECTED: "Your old operator did not accept it as it was.",
    Fact.CANCEL_STARTED: "The cancellation began.",
    Fact.CANCELED: "It was canceled.",
    Fact.EARLIER_ENDED: "The earlier request was taken back, so that the new one can be sent.",
    Fact.CANCEL_DENIED: "It was too late to change or cancel it.",
    Fact.EXPIRED: "The time for the signature ran out.",
    Fact.NOT_PORTABLE: "Our carrier said that the number cannot be moved.",
    Fact.UNKNOWN: "Our carrier said something new, and we are looking into it.",
}
"""A sentence for each event of the history."""

_ON: Final = "Your old operator committed to {day}."


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
        return str(gettext("Nothing: the temporary number serves."))
    if astray and weakest is State.LIVE:
        return str(gettext("Our porting desk has the carrier mend how calls reach the number."))
    return str(gettext(_WAITS[weakest]))


def headline_of(project: PortProject, days: Sequence[date], *, taken_back: bool, astray: bool) -> str:
    """What is so now, in one line; `days` are those that the old operator committed to."""
    weakest = order_state(number.state for number in project.numbers)
    if taken_back:
        return str(gettext("The move was taken back"))
    if astray:
        return str(gettext("Keep the old service a little longer"))
    if weakest is State.SCHEDULED and len(days) == 1:
        count, day = len(project.numbers), speaker().when(days[0])
        return str(ngettext("Your number moves on %(day)s", "Your numbers move on %(day)s", count, day=day))
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
