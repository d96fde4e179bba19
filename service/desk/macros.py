"""Common answers and questions to customers, ready in each language: `macro_words/<language>.toml`.

A word in braces is a fact of the transfer. A macro with fields is a question about them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.language import Language
from service.notifications.speech import Speaker
from service.porting.models import PortProject
from service.porting.needs import operator_of

_FILES: Final = Path(__file__).parent / "macro_words"

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "account_number": ("account_number",),
    "pin": ("pin",),
    "address": ("street", "street2", "city", "region", "postal_code"),
    "name": ("subscriber_name", "authorized_person"),
    "bill": ("bill",),
    "unlock": (),
    "waiting": (),
    "date_moved": (),
    "keep_service": (),
}
"""Every macro, in the order of the list, with the answers that it asks for."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A text for a transfer: its title in the reader's language, its text in the customer's."""

    name: str
    title: str
    text: str
    fields: tuple[str, ...]


def titles(language: Language) -> dict[str, str]:
    """What each macro is called, by its name."""
    return {name: _words(language)[name]["title"] for name in FIELDS}


def macro_for(project: PortProject, name: str, reader: Language) -> Macro | None:
    """A macro filled in for a transfer; None if there is no such."""
    if name not in FIELDS:
        return None
    speaker = Speaker(project.language, ZoneInfo(project.workspace.zone))
    days = [number.committed_on for number in project.numbers if number.committed_on]
    words = _words(project.language)
    facts = {
        "numbers": speaker.numbers([number.number for number in project.numbers]).short,
        "provider": operator_of(project).name or words["unknown"]["provider"],
        "date": speaker.day(min(days)) if days else words["unknown"]["date"],
    }
    text = words[name]["text"].format_map(facts)
    return Macro(name, titles(reader)[name], text[0].upper() + text[1:], FIELDS[name])


@cache
def _words(language: Language) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FILES / f"{language}.toml").read_text(encoding="utf-8"))
