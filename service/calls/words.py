"""What our voice says to callers and to those who answer."""

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


def said(sentence: str, language: Language, **facts: str) -> Say:
    """A sentence in a language, to be spoken."""
    return Say(worded(sentence, language, **facts), tag(language))


def tag(language: Language) -> str:
    """The language with the country whose accent our voice has, as a BCP 47 tag: `en-US`."""
    return _VOICES[language]


def worded(sentence: str, language: Language, **facts: str) -> str:
    """A sentence in a language, with its facts in it."""
    return _sentences(language)[sentence].format(**facts)


def spoken(number: str, country: str) -> str:
    """A number (E.164) digit by digit, with a breath between its groups, as people in `country` (ISO) dial it."""
    parsed = phonenumbers.parse(number)
    at_home = phonenumbers.region_code_for_number(parsed) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    groups = re.findall(r"\d+", phonenumbers.format_number(parsed, style))
    return ", ".join(" ".join(group) for group in groups)


@cache
def _sentences(language: Language) -> dict[str, str]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text())
