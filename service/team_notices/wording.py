"""A notice in its member's language. The sentences are in `phrases/<language>.toml`, in a table for each event."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.brands import brand_of
from service.config import Settings
from service.language import Language
from service.names import isolated
from service.notifications.bodies import Body, quoted
from service.notifications.speech import Speaker
from service.team_notices.models import TeamEvent, TeamNotice

PHRASES: Final = Path(__file__).parent / "phrases"


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice in its member's language: a title, a sentence, and the body of an e-mail.

    `hidden` is the title that tells neither who nor what, for a screen that others see.
    """

    title: str
    text: str
    hidden: str
    body: Body
    language: Language


def worded(notice: TeamNotice, settings: Settings) -> Worded:
    """The words of a notice, for its member; times are in the workspace's zone."""
    language, workspace = notice.member.user.language, notice.member.workspace
    brand = brand_of(settings, workspace)
    spoken = _spoken(notice, Speaker(language, ZoneInfo(workspace.zone))) | {"brand": brand.name}
    phrases = _phrases(language)
    title, text = (_on_one_line(phrases[notice.event][part].format(**spoken)) for part in ("title", "text"))
    body = Body(
        lines=f"{text}\n{quoted(notice.facts.get('words', ''))}",
        step=phrases[notice.event]["step"],
        link=f"{brand.base_url}{_path(notice)}?workspace={workspace.id}",
        footer=phrases["footer"].format(workspace=workspace.name),
        brand=brand.name,
    )
    return Worded(title, text, phrases[notice.event]["hidden"].format(brand=brand.name), body, language)


def _spoken(notice: TeamNotice, speaker: Speaker) -> dict[str, Any]:
    """The facts as they stand in sentences. A person without a name is named by their number."""
    spoken: dict[str, Any] = {name: value for name, value in notice.facts.items() if name not in {"words", "at"}}
    if "who" in spoken:
        spoken["who"] = _person(spoken["who"], speaker)
    at = speaker.moment(datetime.fromisoformat(notice.facts["at"])) if "at" in notice.facts else ""
    return spoken | {"at": at, "line": notice.line.name if notice.line else ""}


def _person(who: str, speaker: Speaker) -> str:
    try:
        return speaker.number(who)
    except ValueError:
        return isolated(who)


def _path(notice: TeamNotice) -> str:
    if notice.event in {TeamEvent.TRIAL, TeamEvent.CHANNEL_OFF}:
        return "/team/notices"
    if "path" in notice.facts:
        return str(notice.facts["path"])
    conversation = notice.facts.get("conversation_id")
    return f"/inbox/{conversation}" if conversation else "/inbox/"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _phrases(language: Language) -> dict[str, Any]:
    return tomllib.loads((PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
