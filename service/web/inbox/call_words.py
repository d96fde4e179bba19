"""What became of a call, in words."""

from typing import Final

from babel.units import format_unit
from flask_babel import gettext, lazy_gettext

from service.inbox.models import Call, Direction, Outcome
from service.web.shell.languages import language

_CAME_IN: Final = {
    Outcome.RINGING: lazy_gettext("Ringing now"),
    Outcome.MISSED: lazy_gettext("Missed call"),
    Outcome.VOICEMAIL: lazy_gettext("Voicemail"),
    Outcome.ANSWERED: lazy_gettext("Answered call"),
    Outcome.BLOCKED: lazy_gettext("Blocked call"),
}
_WENT_OUT: Final = {
    Outcome.RINGING: lazy_gettext("You are calling them"),
    Outcome.ANSWERED: lazy_gettext("You called"),
}
_A_MINUTE: Final = 60


def call_words(call: Call) -> str:
    """What became of a call and how long it took: Voicemail · 18 sec."""
    lasted = how_long(call)
    return f"{outcome(call)} · {lasted}" if lasted else outcome(call)


def outcome(call: Call) -> str:
    """What became of a call."""
    if call.direction is Direction.OUT:
        return str(_WENT_OUT.get(call.outcome) or gettext("You called, no answer"))
    is_taken = call.outcome is Outcome.RINGING and call.answered_on
    return str(_CAME_IN[Outcome.ANSWERED if is_taken else call.outcome])


def how_long(call: Call) -> str:
    """How long an answered call or a voicemail was; "" for other calls."""
    seconds = call.voicemail_seconds or call.seconds
    return duration(seconds) if seconds and call.outcome in {Outcome.ANSWERED, Outcome.VOICEMAIL} else ""


def duration(seconds: int) -> str:
    """A length in short: seconds below a minute, then whole minutes."""
    if seconds < _A_MINUTE:
        return format_unit(seconds, "duration-second", "short", locale=language().value)
    return format_unit(round(seconds / _A_MINUTE), "duration-minute", "short", locale=language().value)
