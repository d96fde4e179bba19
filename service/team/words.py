"""A notice in its person's language. The sentences stand in `words/<language>.toml`, a table for each event."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from service.language import Language
from service.notifications.speech import Speaker
from service.team.models import Notice, TeamEvent

WORDS: Final = Path(__file__).parent / "words"

_templates = Environment(
    loader=PackageLoader("service.team"), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice as it is read: a title, its text plain and as HTML, and a link with what it leads to."""

    title: str
    text: str
    html: str
    step: str
    link: str
    footer: str


def worded(notice: Notice, base_url: str) -> Worded:
    """The words of a notice, for its member; times are in the workspace's zone."""
    language, workspace = notice.member.user.language, notice.member.workspace
    speaker = Speaker(language, ZoneInfo(workspace.zone))
    said = _said(notice, speaker)
    phrases = _phrases(language)
    title, text = (phrases[notice.event][part].format(**said).strip() for part in ("title", "text"))
    quoted = notice.facts.get("words", "")
    link = f"{base_url}{_path(notice)}?workspace={workspace.id}"
    step = phrases[notice.event]["step"]
    footer = phrases["footer"].format(workspace=workspace.name)
    html = _templates.get_template("notice.html").render(
        language=language, text=text, quoted=quoted, step=step, link=link, footer=footer
    )
    plain = f"{text}\n\n{_quoted(quoted)}".strip()
    return Worded(" ".join(title.split()), plain, html, step, link, footer)


def _said(notice: Notice, speaker: Speaker) -> dict[str, Any]:
    """The facts as they go into sentences; whoever has no name is told by their number."""
    said: dict[str, Any] = {name: value for name, value in notice.facts.items() if name not in {"words", "at"}}
    if "who" in said:
        said["who"] = _person(said["who"], speaker)
    at = speaker.moment(datetime.fromisoformat(notice.facts["at"])) if "at" in notice.facts else ""
    return said | {"at": at, "line": notice.line.name if notice.line else ""}


def _person(who: str, speaker: Speaker) -> str:
    try:
        return speaker.number(who)
    except ValueError:
        return who


def _path(notice: Notice) -> str:
    if notice.event is TeamEvent.TRIAL:
        return "/team/notices"
    conversation = notice.facts.get("conversation_id")
    return f"/inbox/{conversation}" if conversation else "/inbox/"


def _quoted(words: str) -> str:
    return "\n".join(f"> {line}" for line in words.splitlines())


@cache
def _phrases(language: Language) -> dict[str, Any]:
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))
