"""Why carriers were passed over for a number, in sentences for our staff."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from service.carrier_choice import Why
from service.web.shell.words import carrier_title

_SENTENCES: Final[Mapping[Why, str]] = {
    Why.COUNTRY: "Not %(carrier)s: it doesn’t transfer numbers from this country.",
    Why.KIND: "Not %(carrier)s: it doesn’t transfer this kind of number.",
    Why.STAFF: "Not %(carrier)s: its own staff would have to do it.",
    Why.REFUSED: "Not %(carrier)s: it can’t transfer this number.",
    Why.UNSURE: "Not %(carrier)s: it couldn’t tell.",
    Why.SOLD_OUT: "Not %(carrier)s: it had none for sale.",
    Why.SILENT: "Not %(carrier)s: it didn’t answer.",
    Why.DEARER: "Not %(carrier)s: it costs more.",
}


def whys(passed_over: Mapping[str, str]) -> list[str]:
    """A sentence for each carrier that was passed over."""
    return [gettext(_SENTENCES[Why(why)], carrier=carrier_title(name)) for name, why in sorted(passed_over.items())]
