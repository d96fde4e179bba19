"""Kinds of settings that environs does not read by itself."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from environs import FileAwareEnv

Named = TypeVar("Named", bound=StrEnum)


def path_of(env: FileAwareEnv, name: str, check: Callable[[Path], None] | None = None) -> Path | None:
    """A path, or None where the setting is empty, which as a path would be the folder that the process runs in."""
    return env.path(name, None, validate=check) if env.str(name, "") else None


def counts_of(
    env: FileAwareEnv, name: str, kind: type[Named], check: Callable[[Mapping[str, int]], None]
) -> tuple[tuple[Named, int], ...]:
    """Counts by their names, as in `contacts=500,notes=9000`."""
    given: Mapping[str, int] = env.dict(name, {}, subcast_values=int, validate=check) or {}
    return tuple((kind(each), count) for each, count in given.items() if each in set(kind))
