"""Templates with blocks: one file has all the parts of a notice or an e-mail in a language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def block(file: Path, name: str, facts: Mapping[str, object]) -> str:
    """A block of a template as plain text: `bodies.html_of` escapes what becomes HTML."""
    template = _templates(file.parent).get_template(file.name)
    return "".join(template.blocks[name](template.new_context(dict(facts)))).strip()


def line(file: Path, name: str, facts: Mapping[str, object]) -> str:
    """A block as one line."""
    return " ".join(block(file, name, facts).split())


@cache
def _templates(folder: Path) -> Environment:
    return Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False)  # noqa: S701
