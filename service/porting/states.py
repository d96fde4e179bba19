"""The life of a number being ported: states, what may happen in each, and what follows. Add a state here.

The table drives each *number*. A command (the customer's or ours) may be refused; a fact (a carrier's, the clock's,
our own cutover's) may not: every state answers every fact with a move, STAY, or PUZZLING, which keeps the state and
shows the fact to an operator. `rollup.py` computes the state of an order or a project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a port number is."""

    DRAFT = "draft"
    SUBMITTING = "submitting"
    AWAITING_SIGNATURE = "awaiting_signature"
    IN_REVIEW = "in_review"
    WITH_LOSING_CARRIER = "with_losing_carrier"
    SCHEDULED = "scheduled"
    ACTIVATING = "activating"
    PORTED = "ported"
    LIVE = "live"
    RETURNED = "returned"
    ACTION_REQUIRED = "action_required"
    CANCEL_REQUESTED = "cancel_requested"
    CANCELED = "canceled"
    EXPIRED = "expired"
    NOT_PORTABLE = "not_portable"


class Command(StrEnum):
    """What the customer or our staff may ask for."""

    SUBMIT = "submit"
    CORRECT = "correct"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    TAKE_BACK = "take_back"
    MOVE_AGAIN = "move_again"


class Fact(StrEnum):
    """What turned out to be so."""

    TAKEN_ON = "taken_on"
    SIGNATURE_WANTED = "signature_wanted"
    SIGNED = "signed"
    SENT_ON = "sent_on"
    DATE_COMMITTED = "date_committed"
    DAY_CAME = "day_came"
    ACTIVATION_STARTED = "activation_started"
    PORTED = "ported"
    PROVEN = "proven"
    RETURNED = "returned"
    REJECTED = "rejected"
    CANCEL_STARTED = "cancel_started"
    CANCELED = "canceled"
    EARLIER_ENDED = "earlier_ended"
    CANCEL_DENIED = "cancel_denied"
    EXPIRED = "expired"
    NOT_PORTABLE = "not_portable"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What follows from a transition: imperatives to ourselves; `service/handlers.py:FOLLOWERS` says what each does."""

    FILE = "file"
    REFILE = "refile"
    CANCEL_AT_CARRIER = "cancel_at_carrier"
    CUT_OVER = "cut_over"
    LET_GO = "let_go"
    ALERT_STAFF = "alert_staff"
    TELL_SUBMITTED = "tell_submitted"
    TELL_SIGNATURE_WANTED = "tell_signature_wanted"
    TELL_ACTION_NEEDED = "tell_action_needed"
    TELL_DATE = "tell_date"
    TELL_DATE_WITHDRAWN = "tell_date_withdrawn"
    TELL_DONE = "tell_done"
    TELL_TAKEN_BACK = "tell_taken_back"
    TELL_RETURNED = "tell_returned"
    TELL_CANCELED = "tell_canceled"
    TELL_CANCEL_REFUSED = "tell_cancel_refused"
    TELL_EXPIRED = "tell_expired"
    TELL_NOT_PORTABLE = "tell_not_portable"


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a number goes and what follows; `to` None keeps it where it is. `puzzling` shows it to an operator."""

    to: State | None
    effects: tuple[Effect, ...] = ()
    puzzling: bool = False


STAY: Final = Answer(None)
PUZZLING: Final = Answer(None, (Effect.ALERT_STAFF,), puzzling=True)

Row = Mapping[Command | Fact, Answer]


def _row(moves: Mapping[Command | Fact, Answer], *, stay: Iterable[Fact] = ()) -> Row:
    """A state's answers: the moves, then what changes nothing after all, and PUZZLING for every other fact."""
    return {**dict.fromkeys(Fact, PUZZLING), **moves, **dict.fromkeys(stay, STAY)}


_TAKEN_ON = Answer(State.IN_REVIEW)
_SIGN = Answer(State.AWAITING_SIGNATURE, (Effect.TELL_SIGNATURE_WANTED,))
_SENT_ON = Answer(State.WITH_LOSING_CARRIER)
_DATED = Answer(State.SCHEDULED, (Effect.TELL_DATE,))
_STARTED = Answer(State.ACTIVATING)
_ARRIVED = Answer(State.PORTED, (Effect.CUT_OVER,))
_ARRIVED_UNEXPECTEDLY = Answer(State.PORTED, (Effect.CUT_OVER, Effect.ALERT_STAFF))
_REJECTED = Answer(State.ACTION_REQUIRED, (Effect.TELL_ACTION_NEEDED,))
_CANCELING = Answer(State.CANCEL_REQUESTED)
# the last of a project may be one that does not come: then those that came are all there is to wait for
_CANCELED = Answer(State.CANCELED, (Effect.LET_GO, Effect.TELL_CANCELED, Effect.TELL_DONE))
_EXPIRED = Answer(State.EXPIRED, (Effect.LET_GO, Effect.TELL_EXPIRED, Effect.TELL_DONE))
_NOT_PORTABLE = Answer(State.NOT_PORTABLE, (Effect.LET_GO, Effect.TELL_NOT_PORTABLE, Effect.TELL_DONE))
_CANCEL = Answer(State.CANCEL_REQUESTED, (Effect.CANCEL_AT_CARRIER,))
_REFILE = Answer(State.SUBMITTING, (Effect.REFILE,))
_FILE_ANEW = Answer(State.SUBMITTING, (Effect.FILE,))
_TAKEN_BACK = Answer(State.PORTED, (Effect.TELL_TAKEN_BACK,))

# what may become of an order at the carrier from any open state, in the carrier's own time and not always in order
_PROGRESS: Row = {
    Fact.TAKEN_ON: _TAKEN_ON,
    Fact.SIGNATURE_WANTED: _SIGN,
    Fact.SENT_ON: _SENT_ON,
    Fact.DATE_COMMITTED: _DATED,
    Fact.ACTIVATION_STARTED: _STARTED,
    Fact.PORTED: _ARRIVED,
    Fact.REJECTED: _REJECTED,
    Fact.CANCEL_STARTED: _CANCELING,
    Fact.CANCELED: _CANCELED,
    # of an attempt before the present one, which can be filed now, wherever news of the old order has taken the number
    Fact.EARLIER_ENDED: _FILE_ANEW,
    Fact.EXPIRED: _EXPIRED,
    Fact.NOT_PORTABLE: _NOT_PORTABLE,
}

# what tells that a carrier is at work on an order
_GOES_ON: Final = (Fact.TAKEN_ON, Fact.SIGNATURE_WANTED, Fact.SENT_ON, Fact.DATE_COMMITTED, Fact.REJECTED)

# what a customer may want of an order that is on its way
_WISHES: Row = {Command.CANCEL: _CANCEL, Command.RESCHEDULE: _REFILE}

ANSWERS: Final[Mapping[State, Row]] = {
    State.DRAFT: _row(
        {
            Command.SUBMIT: Answer(State.SUBMITTING, (Effect.TELL_SUBMITTED, Effect.FILE)),
            Command.CANCEL: Answer(State.CANCELED),
        }
    ),
    State.SUBMITTING: _row(
        {
            **_PROGRESS,
            Command.CANCEL: _CANCEL,
            Fact.CANCEL_DENIED: Answer(State.SCHEDULED, (Effect.ALERT_STAFF, Effect.TELL_DATE)),
        },
        stay=[Fact.CANCEL_STARTED, Fact.DAY_CAME],
    ),
    # our own letter was signed: now it can be sent
    State.AWAITING_SIGNATURE: _row({**_PROGRESS, **_WISHES, Fact.SIGNED: _REFILE}, stay=[Fact.SIGNATURE_WANTED]),
    State.IN_REVIEW: _row({**_PROGRESS, **_WISHES}, stay=[Fact.TAKEN_ON]),
    State.WITH_LOSING_CARRIER: _row(
        {**_PROGRESS, **_WISHES, Fact.TAKEN_ON: PUZZLING, Fact.SIGNATURE_WANTED: PUZZLING},
        stay=[Fact.SENT_ON],
    ),
    # scheduled again means another date
    State.SCHEDULED: _row(
        {
            **_PROGRESS,
            **_WISHES,
            Fact.DAY_CAME: _STARTED,
            Fact.SENT_ON: Answer(State.WITH_LOSING_CARRIER, (Effect.TELL_DATE_WITHDRAWN,)),
            Fact.TAKEN_ON: PUZZLING,
            Fact.SIGNATURE_WANTED: PUZZLING,
        },
        stay=[Fact.CANCEL_DENIED],
    ),
    State.ACTIVATING: _row(
        {
            **_PROGRESS,
            Fact.SENT_ON: Answer(State.WITH_LOSING_CARRIER, (Effect.TELL_DATE_WITHDRAWN,)),
            Fact.TAKEN_ON: PUZZLING,
            Fact.SIGNATURE_WANTED: PUZZLING,
        },
        stay=[Fact.DAY_CAME, Fact.ACTIVATION_STARTED, Fact.CANCEL_DENIED],
    ),
    State.PORTED: _row(
        {
            Fact.PROVEN: Answer(State.LIVE, (Effect.TELL_DONE,)),
            Command.TAKE_BACK: _TAKEN_BACK,
            Command.MOVE_AGAIN: Answer(State.PORTED, (Effect.CUT_OVER,)),
            Fact.RETURNED: Answer(State.RETURNED, (Effect.LET_GO, Effect.TELL_RETURNED, Effect.TELL_DONE)),
        },
        stay=[Fact.PORTED, Fact.DAY_CAME, Fact.CANCEL_DENIED, Fact.ACTIVATION_STARTED],
    ),
    State.LIVE: _row({Command.TAKE_BACK: _TAKEN_BACK}, stay=[Fact.PORTED, Fact.PROVEN, Fact.CANCEL_DENIED]),
    # to the carrier its order is done for good, whatever became of the number
    State.RETURNED: _row({}, stay=[Fact.PORTED, Fact.PROVEN, Fact.RETURNED, Fact.DAY_CAME]),
    State.ACTION_REQUIRED: _row({**_PROGRESS, Command.CORRECT: _REFILE, Command.CANCEL: _CANCEL}, stay=[Fact.DAY_CAME]),
    # what goes on although it was called off was filed in that moment, or our cancelling was lost
    State.CANCEL_REQUESTED: _row(
        {
            **dict.fromkeys(_PROGRESS, STAY),
            **dict.fromkeys(_GOES_ON, _CANCEL),
            Fact.PORTED: _ARRIVED_UNEXPECTEDLY,
            Fact.CANCELED: _CANCELED,
            Fact.EARLIER_ENDED: _CANCELED,
            Fact.EXPIRED: _CANCELED,
            Fact.NOT_PORTABLE: _CANCELED,
            Fact.CANCEL_DENIED: Answer(State.SCHEDULED, (Effect.ALERT_STAFF, Effect.TELL_CANCEL_REFUSED)),
        },
        stay=[Fact.DAY_CAME],
    ),
    # a cancel can come too late without anybody knowing: the number is here, so it must work
    State.CANCELED: _row({Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.CANCELED, Fact.CANCEL_STARTED]),
    State.EXPIRED: _row({Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.EXPIRED, Fact.CANCELED]),
    State.NOT_PORTABLE: _row(
        {Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.NOT_PORTABLE, Fact.CANCELED, Fact.REJECTED]
    ),
}

CALLED_OFF: Final = frozenset({State.CANCELED, State.EXPIRED, State.NOT_PORTABLE})
"""The number never came, as far as anybody knows: it may be on its way all the same."""

FINAL: Final = CALLED_OFF | {State.LIVE, State.RETURNED}

GONE_BY: Final = FINAL | {State.PORTED, State.CANCEL_REQUESTED}
"""Where nothing is left to be called off: the other numbers of the project still can be."""

LABELS: Final[Mapping[State, str]] = {
    State.DRAFT: "Not sent yet",
    State.SUBMITTING: "Being sent",
    State.AWAITING_SIGNATURE: "Waiting for your signature",
    State.IN_REVIEW: "With our carrier",
    State.WITH_LOSING_CARRIER: "With your old operator",
    State.SCHEDULED: "Date set",
    State.ACTIVATING: "Moving now",
    State.PORTED: "Arrived, being set up",
    State.LIVE: "Done",
    State.RETURNED: "Back at your old operator",
    State.ACTION_REQUIRED: "We need one thing from you",
    State.CANCEL_REQUESTED: "Cancelling",
    State.CANCELED: "Cancelled",
    State.EXPIRED: "Signature ran out",
    State.NOT_PORTABLE: "Cannot be moved",
}
"""What the customer reads; English here is also the key of its translations."""


def answer(state: State, event: Command | Fact) -> Answer | None:
    """What a state answers; None only for a command it cannot take."""
    return ANSWERS[state].get(event)
