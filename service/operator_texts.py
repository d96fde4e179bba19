"""What the operator of an installation says to everyone: prices, terms, privacy. Each is a Markdown file a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from service.language import Language


class Topic(StrEnum):
    """What a text is about. Its files are called `terms.en.md`, `terms.sv.md` and so on."""

    PRICES = "prices"
    TERMS = "terms"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class OperatorText:
    """A text in Markdown, and its language."""

    markdown: str
    language: Language


def read(folder: Path | None, topic: Topic, wanted: Language) -> OperatorText | None:
    """The text in the wanted language, else in English, else in another one; None while there is none."""
    languages = (wanted, Language.ENGLISH, *Language)
    return next(_written(folder, topic, languages), None) if folder else None


def missing(folder: Path | None) -> list[Topic]:
    """The topics without a text in any language."""
    return [topic for topic in Topic if not read(folder, topic, Language.ENGLISH)]


def _written(folder: Path, topic: Topic, languages: tuple[Language, ...]) -> Iterator[OperatorText]:
    for language in languages:
        file = folder / f"{topic}.{language}.md"
        if file.is_file() and (words := file.read_text(encoding="utf-8").strip()):
            yield OperatorText(words, language)
