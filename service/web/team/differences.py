"""What a logged change made of what, in the reader's words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext
from sqlalchemy.orm import Session

from service.accounts.change_log import DIFFERENCES, SECRETS, Change
from service.calls.document import read
from service.calls.queries import answering_on
from service.web.lines.plan_drawing import read_out
from service.web.shell.words import spelled, stated

NAMES: Final[Mapping[str, str]] = {
    "name": "Name",
    "line": "Line",
    "phones": "Phones that ring",
    "calls": "Calls",
    "hidden": "Callers who hide their number",
    "blocked": "Blocked numbers",
    "recorded": "Record talks",
    "announces_by_law": "Tell the other person only where the law asks for it",
    "spots_machines": "Hang up on voicemail of phones",
    "rings_busy": "Ring people who are on a call, too",
    "tells_number": "Callers of the temporary number hear your own number before your phones ring.",
    "in_turn": "Give new conversations in turn to those on duty",
    "after_hours": "Automatic answer while the line is closed",
    "after_hours_text": "What is answered then",
    "title": "Title",
    "text": "Text",
    "subscriber_kind": "Who owns the number?",
    "subscriber_name": "Account holder’s name",
    "subscriber_id": "Organization number",
    "authorized_person": "Person in charge of the account",
    "authorized_email": "Their email",
    "street": "Street address",
    "street2": "Suite, floor, unit",
    "city": "City",
    "region": "State",
    "postal_code": "ZIP code",
    "account_number": "Account number",
    "pin": "Transfer PIN",
    "billing_number": "Main number on the account, if it’s a different one",
    "remaining": "What happens to the other numbers on the account?",
    "new_billing_number": "The new main number for those that stay",
    "wished": "Preferred date",
    "moment": "Time of the move",
    "contact_number": "Mobile number for updates",
    "contact_email": "Email for updates",
}
"""What each value is called on the page where it is changed, in the order in which the log names them."""

_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "hidden": {
        "ring": "Put them through like everyone else",
        "voicemail": "Let them leave a message",
        "turn_away": "Ask them to call again with their number shown",
    },
    "subscriber_kind": {"business": "A business", "individual": "A person"},
    "remaining": {"none": "There are none", "keep": "They stay with the provider", "end": "They’re canceled"},
}

_NUMBERS: Final = frozenset({"billing_number", "new_billing_number", "contact_number"})


def in_words(session: Session, change: Change) -> list[str]:
    """A line for each value that was changed: from what, and to what. Secrets are only said to have changed."""
    changed = change.details.get(DIFFERENCES, {})
    return [_line(session, change, name, *changed[name]) for name in NAMES if name in changed]


def _line(session: Session, change: Change, name: str, before: Any, after: Any) -> str:  # noqa: ANN401 -- JSON
    title = str(gettext(NAMES[name])).rstrip(".?")
    if name in SECRETS:
        return f"{title}: {gettext('Changed. We don’t show it.')}"
    if name == "calls":
        before, after = _read_out(session, change, before), _read_out(session, change, after)
    if isinstance(after, list):
        return f"{title}: {' '.join(_of_lists(before or [], after))}"
    return f"{title}: {_value(name, before)} → {_value(name, after)}"


def _read_out(session: Session, change: Change, document: Mapping[str, Any]) -> list[str]:
    """The sentences of a call plan, with the line's phones as they are called now."""
    line = answering_on(session.connection(), change.details["line"])
    return list(read_out(replace(line, plan=read(json.dumps(document))))) if line else []


def _of_lists(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    new = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    if new:
        yield f"{gettext('New:')} {', '.join(new)}."
    if gone:
        yield f"{gettext('No longer:')} {', '.join(gone)}."
    if not new and not gone:
        yield gettext("In another order.")


def _value(name: str, value: Any) -> str:  # noqa: ANN401 -- JSON
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if name == "wished":
        return stated(value) if value else str(gettext("As soon as possible"))
    if not value:
        return "–"
    if name == "moment":
        return stated(value)
    if name in _NUMBERS:
        return spelled(value)
    chosen = _CHOICES.get(name, {}).get(value)
    return str(gettext(chosen)) if chosen else str(value)
