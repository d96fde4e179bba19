"""Finds what is to be translated in Python: `pybabel extract` reads templates by itself, and this reads the rest.

Use-cases speak English and know nothing of languages; pages translate what they say. So every sentence in the code
is a message: a constant that begins with a capital letter, has a blank or a full stop, and is no docstring. A single
word is one only where it stands among others: as a value of a dictionary or tuple, or when it is translated at once.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Final

Found = tuple[int, str, str | tuple[str, ...], list[str]]

_SENTENCE: Final = re.compile(r"[A-Z][\w'’-]*([ ,.:]|$)")
_NO_SENTENCE: Final = re.compile(r"[_/<>=]|^[A-Z]{2}")


def extract(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[Found]:
    """Babel's hook: line, function, message, comments."""
    source = fileobj.read().decode()
    for line, forms in _counted(ast.parse(source)):
        yield line, "ngettext", forms, []
    for line, sentence in sentences(source):
        yield line, "gettext", sentence, []


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Every sentence of a module, with its line."""
    tree = ast.parse(source)
    silent, listed = set(_unspoken(tree)), set(_listed(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = node.value
            longer = " " in text or text.endswith(".") or id(node) in listed
            if longer and _SENTENCE.match(text) and not _NO_SENTENCE.search(text):
                yield node.lineno, text


def _counted(tree: ast.Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What is said of one and of many: the two forms, which a catalogue keeps together."""
    for call in _calls(tree, "ngettext"):
        yield call.lineno, tuple(form.value for form in _forms(call) if isinstance(form.value, str))


def _forms(call: ast.Call) -> list[ast.Constant]:
    return [form for form in call.args[:2] if isinstance(form, ast.Constant)]


def _calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _unspoken(tree: ast.Module) -> Iterator[int]:
    """Docstrings of things and of values, the pieces of f-strings, and what is said of one and of many."""
    for call in _calls(tree, "ngettext"):
        yield from map(id, _forms(call))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values)


def _listed(tree: ast.Module) -> Iterator[int]:
    """Values of dictionaries and tuples, and what is handed to `gettext`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from map(id, node.values)
        if isinstance(node, ast.Tuple):
            yield from map(id, node.elts)
    for call in _calls(tree, "gettext"):
        yield from map(id, call.args)
