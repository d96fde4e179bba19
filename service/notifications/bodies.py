"""The body of an e-mail, written once: its plain text and its HTML have the same words.

A body has four kinds of line. `- ` begins an item of a list, `> ` a quoted line, `# ` a line to be shown large; any
other line is a paragraph. Empty lines mean nothing. Nothing inside a line is markup, and all of it is escaped, because
a line can hold a name or a text that a customer typed: a Markdown library would make links of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.brands import OURS
from service.language import Language

TEMPLATES: Final = Path(__file__).parent / "templates"


class Mark(StrEnum):
    """What a line begins with."""

    ITEM = "- "
    QUOTE = "> "
    LARGE = "# "
    PARAGRAPH = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an e-mail says: `lines` as above, then a `link` with the `step` that it is for, and a footer below.

    `brand` is what the service is called above it.
    """

    lines: str
    step: str = ""
    link: str = ""
    footer: str = ""
    brand: str = OURS


def text_of(body: Body) -> str:
    """The body as plain text."""
    parts = ["\n".join(_plain(mark, line) for line in lines) for mark, lines in _blocks(body.lines)]
    if body.link:
        parts.append(f"{body.step}: {body.link}")
    if body.footer:
        parts.append(f"--\n{body.footer}")
    return "\n\n".join(parts)


def html_of(body: Body, language: Language) -> str:
    """The body as a page of HTML."""
    words = Markup("\n").join(_marked_up(mark, lines) for mark, lines in _blocks(body.lines))
    return _layout().get_template("mail.html").render(language=language, words=words, body=body)


def quoted(text: str) -> str:
    """A person's own words, as quoted lines of a body."""
    return "\n".join(f"{Mark.QUOTE}{line}" for line in text.splitlines() if line.strip())


def _blocks(lines: str) -> Iterator[tuple[Mark, list[str]]]:
    """Lines without their marks; items that follow each other make one list, and quoted lines one quotation."""
    marked = [_mark_of(line.strip()) for line in lines.splitlines() if line.strip()]
    for mark, alike in groupby(marked, key=lambda pair: pair[0]):
        texts = [text for _, text in alike]
        yield from [(mark, texts)] if mark in {Mark.ITEM, Mark.QUOTE} else [(mark, [text]) for text in texts]


def _mark_of(line: str) -> tuple[Mark, str]:
    mark = next(mark for mark in Mark if line.startswith(mark))
    return mark, line.removeprefix(mark)


def _plain(mark: Mark, line: str) -> str:
    return line if mark is Mark.LARGE else f"{mark}{line}"


def _marked_up(mark: Mark, lines: list[str]) -> Markup:
    match mark:
        case Mark.ITEM:
            return Markup("<ul>{}</ul>").format(Markup().join(Markup("<li>{}</li>").format(line) for line in lines))
        case Mark.QUOTE:
            return Markup('<blockquote dir="auto">{}</blockquote>').format(Markup("<br>").join(lines))
        case Mark.LARGE:
            return Markup('<p style="font-size:28px; letter-spacing:4px"><strong>{}</strong></p>').format(lines[0])
        case Mark.PARAGRAPH:
            return Markup("<p>{}</p>").format(lines[0])


@cache
def _layout() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
