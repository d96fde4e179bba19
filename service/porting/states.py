"""The state table of a number being ported: states, events, and the effects that follow. Add a state here.

Each *number* has a state. A command (from the customer or staff) may be refused; a fact (from a carrier, the clock or
our own cutover) may not: every state answers every fact with a transition, STAY, or PUZZLING, which keeps the state
and shows the fact to an operator. `rollup.py` computes the state of an order or a project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """The state of a port number."""

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
    """Requests of the customer or our staff. A state may refuse them."""

    SUBMIT = "submit"
    CORRECT = "correct"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    TAKE_BACK = "take_back"
    MOVE_AGAIN = "move_again"


class Fact(StrEnum):
    """Facts from a carrier, the clock or our cutover. A state cannot refuse them."""

    DRAFTED = "drafted"
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
    """What has to be done after a transition; `service/handlers.py:FOLLOWERS` names the function for each."""

    FILE = "file"
    COMPLETE = "complete"
    REFILE = "refile"
    CANCEL_AT_CARRIER = "cancel_at_carrier"
    CUT_OVER = "cut_over"
    KEEP_SET_UP = "keep_set_up"
    LET_GO = "let_go"
    ALERT_STAFF = "alert_staff"
    NOTIFY_SUBMITTED = "notify_submitted"
    NOTIFY_SIGNATURE_WANTED = "notify_signature_wanted"
    NOTIFY_ACTION_NEEDED = "notify_action_needed"
    NOTIFY_DATE = "notify_date"
    NOTIFY_DATE_WITHDRAWN = "notify_date_withdrawn"
    NOTIFY_DONE = "notify_done"
    NOTIFY_TAKEN_BACK = "notify_taken_back"
    NOTIFY_RETURNED = "notify_returned"
    NOTIFY_CANCELED = "notify_canceled"
    NOTIFY_CANCEL_REFUSED = "notify_cancel_refused"
    NOTIFY_EXPIRED = "notify_expired"
    NOTIFY_NOT_PORTABLE = "notify_not_portable"


@dataclass(frozen=True, slots=True)
class Answer:
    """The next state (`to` None: unchanged) and the effects. `puzzling` facts are shown to an operator."""

    to: State | None
    effects: tuple[Effect, ...] = ()
    puzzling: bool = False


STAY: Final = Answer(None)
PUZZLING: Final = Answer(None, (Effect.ALERT_STAFF,), puzzling=True)

Row = Mapping[Command | Fact, Answer]


def _row(transitions: Mapping[Command | Fact, Answer], *, stay: Iterable[Fact] = ()) -> Row:
    """A state's answers: these transitions, STAY for the facts in `stay`, and PUZZLING for every other fact."""
    return {**dict.fromkeys(Fact, PUZZLING), **transitions, **dict.fromkeys(stay, STAY)}


_TAKEN_ON = Answer(State.IN_REVIEW)
_SIGN = Answer(State.AWAITING_SIGNATURE, (Effect.NOTIFY_SIGNATURE_WANTED,))
_SENT_ON = Answer(State.WITH_LOSING_CARRIER)
_DATED = Answer(State.SCHEDULED, (Effect.KEEP_SET_UP, Effect.NOTIFY_DATE))
_STARTED = Answer(State.ACTIVATING, (Effect.KEEP_SET_UP,))
_ARRIVED = Answer(State.PORTED, (Effect.KEEP_SET_UP, Effect.CUT_OVER))
_ARRIVED_UNEXPECTEDLY = Answer(State.PORTED, (*_ARRIVED.effects, Effect.ALERT_STAFF))
_REJECTED = Answer(State.ACTION_REQUIRED, (Effect.NOTIFY_ACTION_NEEDED,))
_CANCELING = Answer(State.CANCEL_REQUESTED)
# if the last open number of a project ends this way, the others are done and the customer is told so
_CANCELED = Answer(State.CANCELED, (Effect.LET_GO, Effect.NOTIFY_CANCELED, Effect.NOTIFY_DONE))
_EXPIRED = Answer(State.EXPIRED, (Effect.LET_GO, Effect.NOTIFY_EXPIRED, Effect.NOTIFY_DONE))
_NOT_PORTABLE = Answer(State.NOT_PORTABLE, (Effect.LET_GO, Effect.NOTIFY_NOT_PORTABLE, Effect.NOTIFY_DONE))
_CANCEL = Answer(State.CANCEL_REQUESTED, (Effect.CANCEL_AT_CARRIER,))
_REFILE = Answer(State.SUBMITTING, (Effect.REFILE,))
_FILE_ANEW = Answer(State.SUBMITTING, (Effect.FILE,))
_TAKEN_BACK = Answer(State.PORTED, (Effect.NOTIFY_TAKEN_BACK,))

# facts from the carrier in any open state; they may come late and out of order
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
    # an order of an earlier attempt has ended, so the current attempt can be filed, whatever the state
    Fact.EARLIER_ENDED: _FILE_ANEW,
    Fact.EXPIRED: _EXPIRED,
    Fact.NOT_PORTABLE: _NOT_PORTABLE,
}

# facts which show that a carrier is working on an order
_GOES_ON: Final = (
    Fact.DRAFTED,
    Fact.TAKEN_ON,
    Fact.SIGNATURE_WANTED,
    Fact.SENT_ON,
    Fact.DATE_COMMITTED,
    Fact.REJECTED,
)

# commands that a customer may give while an order is open
_WISHES: Row = {Command.CANCEL: _CANCEL, Command.RESCHEDULE: _REFILE}

ANSWERS: Final[Mapping[State, Row]] = {
    State.DRAFT: _row(
        {
            Command.SUBMIT: Answer(State.SUBMITTING, (Effect.NOTIFY_SUBMITTED, Effect.FILE)),
            Command.CANCEL: Answer(State.CANCELED),
        }
    ),
    State.SUBMITTING: _row(
        {
            **_PROGRESS,
            Command.CANCEL: _CANCEL,
            Fact.DRAFTED: Answer(State.SUBMITTING, (Effect.COMPLETE,)),
            Fact.CANCEL_DENIED: Answer(State.SCHEDULED, (Effect.ALERT_STAFF, Effect.NOTIFY_DATE)),
        },
        stay=[Fact.CANCEL_STARTED, Fact.DAY_CAME],
    ),
    # SIGNED: our own letter was signed, so the attempt can be filed
    State.AWAITING_SIGNATURE: _row(
        {**_PROGRESS, **_WISHES, Fact.SIGNED: _REFILE}, stay=[Fact.SIGNATURE_WANTED, Fact.DRAFTED]
    ),
    State.IN_REVIEW: _row({**_PROGRESS, **_WISHES}, stay=[Fact.TAKEN_ON]),
    State.WITH_LOSING_CARRIER: _row(
        {**_PROGRESS, **_WISHES, Fact.TAKEN_ON: PUZZLING, Fact.SIGNATURE_WANTED: PUZZLING},
        stay=[Fact.SENT_ON],
    ),
    # SCHEDULED again means another date
    State.SCHEDULED: _row(
        {
            **_PROGRESS,
            **_WISHES,
            Fact.DAY_CAME: _STARTED,
            Fact.SENT_ON: Answer(State.WITH_LOSING_CARRIER, (Effect.NOTIFY_DATE_WITHDRAWN,)),
            Fact.TAKEN_ON: PUZZLING,
            Fact.SIGNATURE_WANTED: PUZZLING,
        },
        stay=[Fact.CANCEL_DENIED],
    ),
    State.ACTIVATING: _row(
        {
            **_PROGRESS,
            Fact.SENT_ON: Answer(State.WITH_LOSING_CARRIER, (Effect.NOTIFY_DATE_WITHDRAWN,)),
            Fact.TAKEN_ON: PUZZLING,
            Fact.SIGNATURE_WANTED: PUZZLING,
        },
        stay=[Fact.DAY_CAME, Fact.ACTIVATION_STARTED, Fact.CANCEL_DENIED],
    ),
    State.PORTED: _row(
        {
            Fact.PROVEN: Answer(State.LIVE, (Effect.NOTIFY_DONE,)),
            Command.TAKE_BACK: _TAKEN_BACK,
            Command.MOVE_AGAIN: Answer(State.PORTED, (Effect.CUT_OVER,)),
            Fact.RETURNED: Answer(State.RETURNED, (Effect.LET_GO, Effect.NOTIFY_RETURNED, Effect.NOTIFY_DONE)),
        },
        stay=[Fact.PORTED, Fact.DAY_CAME, Fact.CANCEL_DENIED, Fact.ACTIVATION_STARTED],
    ),
    State.LIVE: _row({Command.TAKE_BACK: _TAKEN_BACK}, stay=[Fact.PORTED, Fact.PROVEN, Fact.CANCEL_DENIED]),
    # at the carrier the order stays "ported" after the number was returned
    State.RETURNED: _row({}, stay=[Fact.PORTED, Fact.PROVEN, Fact.RETURNED, Fact.DAY_CAME]),
    State.ACTION_REQUIRED: _row(
        {**_PROGRESS, Command.CORRECT: _REFILE, Command.CANCEL: _CANCEL}, stay=[Fact.DAY_CAME, Fact.DRAFTED]
    ),
    # an order that goes on although a cancel was requested was filed at that moment, or our request was lost
    State.CANCEL_REQUESTED: _row(
        {
            **dict.fromkeys(_PROGRESS, STAY),
            **dict.fromkeys(_GOES_ON, _CANCEL),
            Fact.PORTED: _ARRIVED_UNEXPECTEDLY,
            Fact.CANCELED: _CANCELED,
            Fact.EARLIER_ENDED: _CANCELED,
            Fact.EXPIRED: _CANCELED,
            Fact.NOT_PORTABLE: _CANCELED,
            Fact.CANCEL_DENIED: Answer(State.SCHEDULED, (Effect.ALERT_STAFF, Effect.NOTIFY_CANCEL_REFUSED)),
        },
        stay=[Fact.DAY_CAME],
    ),
    # a cancel may have come too late without our knowing: the number is here, so it must work
    State.CANCELED: _row({Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.CANCELED, Fact.CANCEL_STARTED]),
    State.EXPIRED: _row({Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.EXPIRED, Fact.CANCELED]),
    State.NOT_PORTABLE: _row(
        {Fact.PORTED: _ARRIVED_UNEXPECTEDLY}, stay=[Fact.NOT_PORTABLE, Fact.CANCELED, Fact.REJECTED]
    ),
}

CALLED_OFF: Final = frozenset({State.CANCELED, State.EXPIRED, State.NOT_PORTABLE})
"""Final states of numbers that were not ported, as far as we know. The carrier may port them all the same."""

NOT_WANTED: Final = CALLED_OFF | {State.CANCEL_REQUESTED}
"""States of numbers that must not be sent, whatever else is in their order."""

FINAL: Final = CALLED_OFF | {State.LIVE, State.RETURNED}

GONE_BY: Final = FINAL | {State.PORTED, State.CANCEL_REQUESTED}
"""States in which a number can no longer be canceled; other numbers of the project still can."""

LABELS: Final[Mapping[State, str]] = {
    State.DRAFT: "Draft",
    State.SUBMITTING: "Sending",
    State.AWAITING_SIGNATURE: "Needs your signature",
    State.IN_REVIEW: "In review",
    State.WITH_LOSING_CARRIER: "With your provider",
    State.SCHEDULED: "Date set",
    State.ACTIVATING: "Moving now",
    State.PORTED: "Arrived, testing",
    State.LIVE: "Done",
    State.RETURNED: "Returned to your provider",
    State.ACTION_REQUIRED: "We need one thing from you",
    State.CANCEL_REQUESTED: "Canceling",
    State.CANCELED: "Canceled",
    State.EXPIRED: "Signature expired",
    State.NOT_PORTABLE: "Can’t transfer",
}
"""The names of states that customers read; the English here is the key of the translations."""


def answer(state: State, event: Command | Fact) -> Answer | None:
    """A state's answer to an event; None only for a command that it refuses."""
    return ANSWERS[state].get(event)
