"""What the page of all transfers says of each: how it stands, and what is done next. `overview.py` names the states."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask_babel import gettext, ngettext

from service.desk.queue import Lateness
from service.porting.cases import PortCase
from service.porting.reasons import needs_staff
from service.porting.states import State

LATENESS: Final[Mapping[Lateness, str]] = {
    Lateness.LATE: "Late",
    Lateness.TODAY: "Due today",
    Lateness.IN_TIME: "In time",
}

COLORS: Final[Mapping[Lateness, str]] = {
    Lateness.LATE: "tag-expired",
    Lateness.TODAY: "tag-action_required",
    Lateness.IN_TIME: "tag-live",
}
"""The class of the tag that says how a transfer stands."""

_NEXT: Final[Mapping[State, str]] = {
    State.DRAFT: "Remind the customer to send it",
    State.SUBMITTING: "See that it’s filed",
    State.AWAITING_SIGNATURE: "Remind the customer to sign",
    State.IN_REVIEW: "Ask the carrier for a date",
    State.WITH_LOSING_CARRIER: "Ask the provider for a date",
    State.SCHEDULED: "See that everything is ready",
    State.ACTIVATING: "See that it arrives",
    State.PORTED: "See that calls and texts arrive",
    State.ACTION_REQUIRED: "Ask the customer to correct it",
    State.CANCEL_REQUESTED: "Ask if it’s canceled",
}
_OURS: Final = "Correct it"


def next_step(listed: PortCase) -> str:
    """What the desk does next with a transfer in such a state, where nobody has written down anything else."""
    if listed.state is State.ACTION_REQUIRED and needs_staff(listed.reasons):
        return str(gettext(_OURS))
    return str(gettext(_NEXT[listed.state]))


def standing(listed: PortCase, today: date) -> str:
    """How a transfer stands against its target, in days of the calendar."""
    if listed.due_on == today:
        return str(gettext(LATENESS[Lateness.TODAY]))
    days = abs((listed.due_on - today).days)
    if listed.due_on > today:
        return str(ngettext("Due in %(num)d day", "Due in %(num)d days", days))
    return str(ngettext("%(num)d day late", "%(num)d days late", days))
