"""What goes over to a line's own number, in words: phones, people, hours, menus, greetings, recording and the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from babel.lists import format_list
from flask_babel import gettext
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.calls.queries import Answering, answering_on
from service.cutover.plan import Part, changed_since, set_up
from service.porting.models import PortNumber
from service.web.drawing import Way, draw
from service.web.languages import language
from service.web.plan_words import who
from service.web.words import phone


@dataclass(frozen=True, slots=True)
class Moving:
    """One part of the plan: what, how it will be, and whether that changed since the date was committed."""

    what: str
    how: tuple[str, ...]
    changed: bool


_PARTS: Final = {
    Part.PHONES: "Phones that ring",
    Part.CALL_PLAN: "Calls",
    Part.INBOX: "Inbox",
    Part.TEXTS: "Texts leave from",
    Part.ADDRESS: "Emergency address",
    Part.CALLER_NAME: "Caller name",
}


def what_moves(session: Session, number: PortNumber) -> list[Moving]:
    """Every part as it is now, which is how it moves."""
    told, changed = _told(session, number), changed_since(session, number)
    return [Moving(str(gettext(_PARTS[part])), told[part], part in changed) for part in Part]


def _told(session: Session, number: PortNumber) -> dict[Part, tuple[str, ...]]:
    line, present = number.project.line, set_up(session, number)
    answering = answering_on(session.connection(), line.id)
    people = [member.user.name or member.user.email for member in members_on(session, line)]
    texts = gettext("%(number)s, as soon as texts are seen to arrive on it.", number=phone(number.number))
    name = gettext(
        "Your old operator's entry does not come along. Ask us to have %(name)s entered.",
        name=number.project.workspace.name,
    )
    return {
        Part.PHONES: _phones(answering),
        Part.CALL_PLAN: tuple(_calls(answering)) if answering else (),
        Part.INBOX: (gettext("The same, for %(names)s.", names=format_list(people, locale=language().value)),),
        Part.TEXTS: (texts,),
        Part.ADDRESS: (str(present[Part.ADDRESS]),),
        Part.CALLER_NAME: (name,),
    }


def _phones(answering: Answering | None) -> tuple[str, ...]:
    phones = answering.phones if answering else ()
    named = tuple(f"{who(one)}, {phone(one.number)}" if one.name else phone(one.number) for one in phones)
    return named or (gettext("None. Callers can leave a message."),)


def _calls(answering: Answering) -> Iterator[str]:
    """The picture of the call plan, read out."""
    for way in draw(answering):
        yield from _read_out(way)
    if answering.plan.recorded:
        yield gettext("Talks are recorded, and everybody is told so.")
    else:
        yield gettext("Talks are not recorded.")


def _read_out(way: Way) -> Iterator[str]:
    """A way on and all that follow it; what was read before is only named."""
    yield f"{way.when}: {way.box.title if way.box.again else way.box.does}"
    for further in way.box.ways:
        yield from _read_out(further)
