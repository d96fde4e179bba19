"""Template filters of calls: who took one, how long it was, its wave, and who heard of it."""

from typing import Final

from flask import Flask
from flask_babel import gettext

from service.calls.waveform import HIGHEST
from service.inbox.models import Call, Direction, Outcome
from service.phone_numbers import without_extension
from service.web.calls.announcement import why_announced
from service.web.inbox.call_words import duration, how_long, outcome
from service.web.inbox.words import called
from service.web.shell.words import spelled

_MINUTE: Final = 60


def add_filters(app: Flask) -> None:
    """Register the filters."""
    for filter_ in (what_happened, how_long, duration, on_player, bars, why_announced):
        app.add_template_filter(filter_)


def what_happened(call: Call) -> str:
    """How a call ended, and who of the team called or took it, as far as that is known."""
    if call.direction is Direction.OUT:
        return _going_out(call.outcome, called(call.author) if call.author else gettext("Your team"))
    if call.outcome is Outcome.ANSWERED and (who := _taker(call)):
        return str(gettext("%(name)s answered", name=who))
    return outcome(call)


def _going_out(ended: Outcome, name: str) -> str:
    if ended is Outcome.RINGING:
        return str(gettext("%(name)s is calling", name=name))
    if ended is Outcome.ANSWERED:
        return str(gettext("%(name)s called", name=name))
    return str(gettext("%(name)s called, no answer", name=name))


def _taker(call: Call) -> str:
    """Whose phone took the call: a teammate's name, that of the phone, or its number; "" if that is not known."""
    if call.answered_by:
        return called(call.answered_by)
    phones = {without_extension(phone.number): phone.name for phone in call.conversation.line.phones}
    return phones.get(call.answered_on) or spelled(call.answered_on)


def on_player(seconds: int) -> str:
    """A length as players show it: 0:42."""
    return f"{seconds // _MINUTE}:{seconds % _MINUTE:02}"


def bars(peaks: bytes) -> str:
    """The wave of a recording as the path of an SVG: a bar of 2 to 26 units for each peak, 4 units from the next."""
    heights = (2 + peak * 24 // HIGHEST for peak in peaks)
    return "".join(f"M{4 * place + 2} {14 - height // 2}v{height}" for place, height in enumerate(heights))
