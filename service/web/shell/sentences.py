"""Finds sentences to translate in Python code, for `pybabel extract`; Babel itself reads the templates.

Use-cases word refusals in English, and pages translate them. So every constant is a message that begins with a capital
letter, has a blank or a full stop, and is no docstring. A single word is a message only as a value of a dictionary or
tuple. An argument of `gettext` is always one.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Final

Found = tuple[int, str, str | tuple[str, ...], list[str]]

_SENTENCE: Final = re.compile(r"[A-Z][\w'’-]*([ ,.:]|$)")
_NO_SENTENCE: Final = re.compile(r"[_/<>=]|^[A-Z]{2}(?!P )")


def extract(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[Found]:
    """Yield line, function, message and comments of each message, as Babel expects."""
    source = fileobj.read().decode()
    for line, forms in _counted(ast.parse(source)):
        yield line, "ngettext", forms, []
    for line, sentence in sentences(source):
        yield line, "gettext", sentence, []


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Every sentence of a module, with its line."""
    tree = ast.parse(source)
    silent, listed, said = set(_unspoken(tree)), set(_listed(tree)), set(_said(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = node.value
            longer = " " in text or text.endswith(".") or id(node) in listed
            if id(node) in said or (longer and _SENTENCE.match(text) and not _NO_SENTENCE.search(text)):
                yield node.lineno, text


def _counted(tree: ast.Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The singular and plural of each `ngettext`, which a catalogue keeps together."""
    for call in _calls(tree, "ngettext"):
        yield call.lineno, tuple(form.value for form in _forms(call) if isinstance(form.value, str))


def _forms(call: ast.Call) -> list[ast.Constant]:
    return [form for form in call.args[:2] if isinstance(form, ast.Constant)]


def _calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _unspoken(tree: ast.Module) -> Iterator[int]:
    """Constants that are no messages: docstrings, pieces of f-strings, and forms of `ngettext`."""
    for call in _calls(tree, "ngettext"):
        yield from map(id, _forms(call))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values)


def _listed(tree: ast.Module) -> Iterator[int]:
    """Values of dictionaries and tuples."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from map(id, node.values)
        if isinstance(node, ast.Tuple):
            yield from map(id, node.elts)


def _said(tree: ast.Module) -> Iterator[int]:
    """Arguments of `gettext`."""
    for call in _calls(tree, "gettext"):
        yield from map(id, call.args)
