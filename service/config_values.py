"""Kinds of settings that environs does not read by itself."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypedDict, TypeVar

from environs import FileAwareEnv, validate

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


class KeptDays(TypedDict):
    """Settings of days, by the names of their fields."""

    picture_days: int
    voicemail_days: int
    recording_days: int
    text_days: int
    callback_days: int
    bill_days: int
    grace_days: int
    quiet_days: int


def kept_days(env: FileAwareEnv) -> KeptDays:
    """For how many days content and temporary numbers are kept; content for ever where it is 0."""
    natural = validate.Range(min=0)
    return {
        "picture_days": env.int("PICTURE_DAYS", 0, validate=natural),
        "voicemail_days": env.int("VOICEMAIL_DAYS", 0, validate=natural),
        "recording_days": env.int("RECORDING_DAYS", 0, validate=natural),
        "text_days": env.int("TEXT_DAYS", 0, validate=natural),
        "callback_days": env.int("CALLBACK_DAYS", 30, validate=natural),
        "bill_days": env.int("BILL_DAYS", 90, validate=natural),
        "grace_days": env.int("GRACE_DAYS", 30, validate=natural),
        "quiet_days": env.int("QUIET_DAYS", 7, validate=natural),
    }
