"""The sentences that our voice says to callers and to members who answer."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers

from provisioning.contract.voice import Say
from service.language import Language

_VOICES: Final = {
    Language.ENGLISH: "en-US",
    Language.SWEDISH: "sv-SE",
    Language.SPANISH: "es-US",
    Language.FRENCH: "fr-CA",
}
_FOLDER: Final = Path(__file__).parent / "sentences"


def say(sentence: str, language: Language, **facts: str) -> Say:
    """A sentence in a language, to be spoken."""
    return Say(wording(sentence, language, **facts), voice_tag(language))


def voice_tag(language: Language) -> str:
    """The BCP 47 tag (`en-US`) of our voice in a language: its country decides the accent."""
    return _VOICES[language]


def wording(sentence: str, language: Language, **facts: str) -> str:
    """The text of a sentence in a language, with its facts filled in."""
    return _sentences(language)[sentence].format(**facts)


def digits_spoken(number: str, country: str) -> str:
    """A number (E.164) digit by digit, a comma between its groups, as people in `country` (ISO 3166) dial it."""
    parsed = phonenumbers.parse(number)
    at_home = phonenumbers.region_code_for_number(parsed) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    groups = re.findall(r"\d+", phonenumbers.format_number(parsed, style))
    return ", ".join(" ".join(group) for group in groups)


@cache
def _sentences(language: Language) -> dict[str, str]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text())
