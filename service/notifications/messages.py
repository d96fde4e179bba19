"""Every message to a customer: the facts it is worded from, and its wording in a language for a channel.

Facts are JSON: days and moments ISO 8601 (a moment with its offset), numbers E.164, `zone` the person's IANA zone,
`reasons` neutral codes. A message is a line in `FACTS` and a folder of templates. Only facts named here ever reach
a template or a row, so nothing secret can be worded by accident.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.language import Language
from service.notifications.gsm import spelled_plainly
from service.notifications.models import Channel, Message
from service.notifications.speech import TEMPLATES, Speaker

FACTS: Final[Mapping[Message, tuple[str, ...]]] = {
    Message.DRAFT_LEFT: ("numbers", "begun_at"),
    Message.SUBMITTED: ("numbers", "submitted_at"),
    Message.SIGNATURE_WANTED: ("numbers", "signer", "mailbox", "asked_at", "sign_until?"),
    Message.SIGN_HERE: ("numbers", "signer", "holder", "sign_until"),
    Message.SIGNATURE_REMINDER: ("numbers", "signer", "mailbox", "asked_at", "sign_until?"),
    Message.ACTION_NEEDED: ("numbers", "reasons?", "found_at"),
    Message.DATE_SET: ("numbers", "date", "date_version"),
    Message.DATE_MOVED: ("numbers", "old_date", "date", "date_version"),
    Message.DATE_WITHDRAWN: ("numbers", "old_date", "date_version"),
    Message.NOT_READY: ("numbers", "date", "missing"),
    Message.TWO_DAYS_BEFORE: ("numbers", "date"),
    Message.EVENING_BEFORE: ("numbers", "date"),
    Message.MORNING_OF: ("numbers", "date"),
    Message.ARRIVED: ("numbers", "ported_at", "temporary?"),
    Message.TEXTS_ARRIVED: ("numbers", "texts_at"),
    Message.DONE: ("numbers", "done_at", "others?"),
    Message.CALLS_ASTRAY: ("numbers", "found_at"),
    Message.TAKEN_BACK: ("numbers", "taken_back_at", "temporary?"),
    Message.RETURNED: ("numbers", "returned_at", "temporary?"),
    Message.RELEASE_NOTICE: ("numbers", "temporary", "release_on"),
    Message.CANCELED: ("numbers", "canceled_at", "old_date?", "date_version?"),
    Message.LAST_BILL: ("numbers", "done_at"),
    Message.CANCEL_REFUSED: ("numbers", "refused_at", "date?"),
    Message.EXPIRED: ("numbers", "expired_at"),
    Message.NOT_PORTABLE: ("numbers", "reasons?", "found_at"),
    Message.STATUS: ("numbers", "standing", "date?", "first?", "last?"),
}
"""What each message is worded from, beside `link` (where to go on) and `zone`, which all have.

A name with a question mark may be unknown (null, empty or left out): then the message says so, or says less.
"""


_NOTHING: Final[tuple[object, ...]] = (None, "", [])


class Unwordable(Exception):
    """A fact is missing or is not what its name says. Names the fact, never its value."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language. A text has no subject and no html."""

    text: str
    subject: str = ""
    html: str = ""


def facts_for(message: Message, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts a message needs, and no others. Raises `Unwordable` when one that must be known is missing or empty."""
    needed = ("link", "zone", *FACTS[message])
    for name in needed:
        if not name.endswith("?") and facts.get(name) in _NOTHING:
            raise Unwordable(f"{message}: {name} is missing")
    return {name: facts.get(name) for name in (name.removesuffix("?") for name in needed)}


def word(message: Message, channel: Channel, language: Language, facts: Mapping[str, Any]) -> Words:
    """The message as this channel carries it. Raises `Unwordable`."""
    said = _said(message, language, facts_for(message, facts))
    folder = f"{message}/{language}"
    if channel is Channel.SMS:
        return Words(spelled_plainly(_on_one_line(_rendered(f"{folder}/sms.txt", said))))
    return Words(
        text=_rendered(f"{folder}/body.txt", said),
        subject=_on_one_line(_rendered(f"{folder}/subject.txt", said)),
        html=_rendered(f"{folder}/body.html", said),
    )


def _said(message: Message, language: Language, facts: Mapping[str, Any]) -> dict[str, Any]:
    try:
        speaker = Speaker(language, ZoneInfo(facts["zone"]))
    except (ValueError, OSError, LookupError, TypeError) as error:
        raise Unwordable(f"{message}: zone is not an IANA zone") from error
    said = {name: _say(message, name, value, speaker) for name, value in facts.items()}
    return said | {"language": language, "footer": speaker.phrase("footer")}


def _say(message: Message, name: str, value: Any, speaker: Speaker) -> object:  # noqa: ANN401 -- whatever JSON holds
    if value in _NOTHING and name != "reasons":
        return None
    try:
        return _MANNERS.get(name, _manner_of(name))(speaker, value)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unwordable(f"{message}: {name} cannot be said") from error


def _manner_of(name: str) -> Callable[[Speaker, Any], object]:
    return Speaker.moment if name.endswith("_at") else Speaker.when


def _as_it_is(_: Speaker, value: object) -> str:
    return _on_one_line(str(value))


def _codes(_: Speaker, codes: list[str]) -> list[str]:
    """Templates have a sentence for each code."""
    return list(codes)


def _count(_: Speaker, value: int) -> int:
    return int(value)


def _link(_: Speaker, link: str) -> str:
    if not link.startswith(("https://", "http://")):
        raise ValueError("not a link")
    return link


# days and moments are known by their names; everything else is said like this
_MANNERS: Final[Mapping[str, Callable[[Speaker, Any], object]]] = {
    "numbers": Speaker.numbers,
    "others": Speaker.numbers,
    "temporary": Speaker.number,
    "reasons": Speaker.reasons,
    "missing": _codes,
    "standing": Speaker.standing,
    "signer": _as_it_is,
    "holder": _as_it_is,
    "mailbox": _as_it_is,
    "date_version": _count,
    "zone": _as_it_is,
    "link": _link,
}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _rendered(template: str, said: Mapping[str, Any]) -> str:
    return _templates().get_template(template).render(said).strip()


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
