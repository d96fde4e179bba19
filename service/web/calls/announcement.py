"""Why the other person on a recorded call heard that it is recorded, or did not, in words."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from service.calls.consent import Why
from service.inbox.models import Call
from service.web.shell.words import territory

_STATES: Final[Mapping[str, str]] = {
    "US-CA": "California",
    "US-CT": "Connecticut",
    "US-DE": "Delaware",
    "US-FL": "Florida",
    "US-IL": "Illinois",
    "US-MA": "Massachusetts",
    "US-MD": "Maryland",
    "US-MI": "Michigan",
    "US-MT": "Montana",
    "US-NH": "New Hampshire",
    "US-NV": "Nevada",
    "US-PA": "Pennsylvania",
    "US-WA": "Washington State",
}

_WHY: Final[Mapping[str, str]] = {
    Why.ALWAYS: "They heard that the call is recorded. This line always says so.",
    Why.UNKNOWN: "They heard that the call is recorded, as we can’t tell where one of the phones is from.",
    Why.NOT_ASKED: "They didn’t hear that the call is recorded. No law where the numbers are from asks for it.",
}


def why_announced(call: Call) -> str:
    """The reason that is kept with a recorded call, in a sentence; "" for other calls, and for those of long ago."""
    why = call.announced_for
    if not why or not call.recording_url:
        return ""
    if why in _WHY:
        return str(gettext(_WHY[why]))
    place = gettext(_STATES[why]) if why in _STATES else territory(why)
    return str(gettext("They heard that the call is recorded, as the law in %(place)s asks for it.", place=place))
