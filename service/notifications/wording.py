"""The words of a notice: its facts put into the sentences of its template, in a language, for a channel.

The template of a notice in a language is `templates/<kind>/<language>.txt`, with four blocks: `sms`, and for an e-mail
`subject`, `body` (the lines of `bodies.py`) and `step`, which says what the link is for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.language import Language
from service.notifications.blocks import block, line
from service.notifications.bodies import TEMPLATES, Body, html_of, text_of
from service.notifications.facts import Matter, Notice, unknown_among
from service.notifications.gsm import spelled_plainly
from service.notifications.models import Channel
from service.notifications.speech import Numbers, Speaker


class Unwordable(Exception):
    """A fact is missing or cannot be put into words. Names the fact, never its value."""


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language for one channel. A text has no subject and no HTML."""

    text: str
    subject: str = ""
    html: str = ""


def word(about: Matter, notice: Notice, channel: Channel, language: Language) -> Words:
    """The notice as this channel carries it. Raises `Unwordable`."""
    for name in (*unknown_among(about), *unknown_among(notice)):
        raise Unwordable(f"{notice.kind}: {name} is missing")
    spoken = _spoken(about, notice, language)
    return _WORDED[channel](TEMPLATES / notice.kind / f"{language}.txt", spoken, language)


def _text(template: Path, spoken: Mapping[str, object], language: Language) -> Words:
    return Words(spelled_plainly(line(template, "sms", spoken)))


def _email(template: Path, spoken: Mapping[str, object], language: Language) -> Words:
    body = Body(
        lines=block(template, "body", spoken),
        step=line(template, "step", spoken),
        link=str(spoken["link"]),
        footer=str(spoken["footer"]),
        brand=str(spoken["brand"]),
    )
    return Words(text_of(body), line(template, "subject", spoken), html_of(body, language))


_WORDED: Final = {Channel.SMS: _text, Channel.EMAIL: _email}
"""How each channel is worded."""


def _spoken(about: Matter, notice: Notice, language: Language) -> dict[str, object]:
    """Every fact as it stands in a sentence."""
    try:
        speaker = Speaker(language, ZoneInfo(about.zone))
    except (ValueError, OSError, LookupError, TypeError) as error:
        raise Unwordable(f"{notice.kind}: zone is not an IANA zone") from error
    facts = {name: getattr(one, name) for one in (about, notice) for name in _names(one)}
    spoken = {name: _speak(notice, name, value, speaker) for name, value in facts.items()}
    return spoken | {"footer": speaker.phrase(notice.footer).format(brand=about.brand)}


def _names(facts: Matter | Notice) -> list[str]:
    return [field.name for field in fields(facts)]


def _speak(notice: Notice, name: str, value: Any, speaker: Speaker) -> object:  # noqa: ANN401 -- any type of a fact
    try:
        return _fact(name, value, speaker)
    except (ValueError, TypeError, AttributeError) as error:
        raise Unwordable(f"{notice.kind}: {name} cannot be said") from error


def _fact(name: str, value: Any, speaker: Speaker) -> object:  # noqa: ANN401 -- any type of a fact
    match value:
        case datetime():
            return speaker.moment(value)
        case date():
            return speaker.day(value)
        case None | "":
            return None
    return _MANNERS.get(name, _as_it_is)(speaker, value)


def _numbers(speaker: Speaker, numbers: Sequence[str]) -> Numbers | None:
    return speaker.numbers(numbers) if numbers else None


def _as_it_is(_: Speaker, value: object) -> object:
    return _on_one_line(value) if isinstance(value, str) else value


def _link(_: Speaker, link: str) -> str:
    if not link.startswith(("https://", "http://")):
        raise ValueError("not a link")
    return link


_MANNERS: Final[Mapping[str, Callable[[Speaker, Any], object]]] = {
    "numbers": _numbers,
    "others": _numbers,
    "textless": _numbers,
    "temporary": Speaker.number,
    "reasons": Speaker.reasons,
    "standing": Speaker.standing,
    "link": _link,
}
"""How a fact is said by its name; days and moments are known by their types, and other facts are said as they are."""


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
