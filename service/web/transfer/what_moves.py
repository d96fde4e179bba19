"""What a cutover carries over to the number, in words, and what changed since its date was committed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel.lists import format_list
from flask_babel import gettext

from service.calls.document import read
from service.calls.queries import Answering, Rung
from service.cutover.line_setup import Part
from service.names import isolated
from service.porting.models import PortNumber
from service.porting.states import State
from service.web.lines.plan_drawing import read_out
from service.web.lines.plan_words import who
from service.web.shell.languages import language
from service.web.shell.words import phone


@dataclass(frozen=True, slots=True)
class Moving:
    """One part: its name, how it will be, and what of it is new or gone since the date was committed."""

    what: str
    how: tuple[str, ...]
    changed: bool
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


_PARTS: Final = {
    Part.PHONES: "Phones that ring",
    Part.CALL_PLAN: "Calls",
    Part.INBOX: "Inbox",
    Part.TEXTS: "Texts go out from",
    Part.ADDRESS: "Emergency address",
    Part.CALLER_NAME: "Caller name",
}


def what_moves(number: PortNumber, present: Mapping[str, Any], frozen: Mapping[str, Any]) -> list[Moving]:
    """Every part of a line's set-up as it is now, which is how it moves, and how it was frozen when the date came."""
    kept = {**present, **{part: was for part, was in frozen.items() if part in present}}
    now, then = _in_words(number, present), _in_words(number, kept)
    return [
        Moving(
            what=str(gettext(_PARTS[part])),
            how=now[part],
            changed=kept[part] != present[part],
            new=tuple(line for line in now[part] if line not in then[part]),
            gone=tuple(line for line in then[part] if line not in now[part]),
        )
        for part in Part
    ]


def _in_words(number: PortNumber, facts: Mapping[str, Any]) -> dict[Part, tuple[str, ...]]:
    """Facts in words, a line for each."""
    answering = _answering(number, facts)
    name = gettext(
        "Your provider’s caller name doesn’t move with the number. To have %(name)s shown, answer any of our emails.",
        name=facts[Part.CALLER_NAME],
    )
    people = format_list(facts[Part.INBOX], locale=language().value)
    own = phone(facts[Part.TEXTS])
    texts = (
        gettext("%(number)s, once texts arrive on it", number=own)
        if number.carries_texts
        else gettext("This number is for calls only. It can’t get texts.")
    )
    return {
        Part.PHONES: _phones(answering),
        Part.CALL_PLAN: tuple(read_out(answering)),
        Part.INBOX: (gettext("The same, for %(names)s", names=people),),
        Part.TEXTS: (own if number.state is State.LIVE and number.carries_texts else texts,),
        Part.ADDRESS: (", ".join(map(isolated, str(facts[Part.ADDRESS]).split(", "))),),
        Part.CALLER_NAME: (name,),
    }


def _answering(number: PortNumber, facts: Mapping[str, Any]) -> Answering:
    line = number.line
    return Answering(
        line_id=line.id,
        language=line.language,
        country=line.country,
        business=number.project.workspace.name,
        phones=tuple(Rung(*kept) for kept in facts[Part.PHONES]),
        plan=read(json.dumps(facts[Part.CALL_PLAN])),
    )


def _phones(answering: Answering) -> tuple[str, ...]:
    named = tuple(
        f"{isolated(who(one))}, {phone(one.number)}" if one.name else phone(one.number) for one in answering.phones
    )
    return named or (gettext("None. Callers can leave a voicemail."),)
