"""The facts of a notice: small typed values, kept in its row as JSON.

Only the fields of `Matter` or `About` and of the notice's own class (`notices.py`) are kept and reach a template.
"""

from collections.abc import Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from typing import Any, ClassVar, Final

from service.brands import OURS
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What every notice needs: the page where to go on, the person's IANA time zone, and what the service is called."""

    link: str
    zone: str
    brand: str = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Matter):
    """What a notice about a transfer needs: its numbers (E.164)."""

    numbers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The facts of one notice. Moments are aware, numbers E.164, `reasons` and `missing` neutral codes.

    `footer` is the phrase that says why a person gets it.
    """

    kind: ClassVar[NoticeKind]
    footer: ClassVar[str] = "footer"


def facts_of(about: Matter, notice: Notice) -> dict[str, Any]:
    """The facts as they are kept in a row: JSON, with days and moments in ISO 8601."""
    return {name: _json(value) for name, value in (asdict(about) | asdict(notice)).items()}


def unknown_among(value: Matter | Notice) -> list[str]:
    """The names of its facts that have to be known and are not: None, or empty."""
    named = [field.name for field in fields(value) if field.default is MISSING]
    return [name for name in named if getattr(value, name) in _NOTHING]


_NOTHING: Final[tuple[object, ...]] = (None, "", (), [])


def _json(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case tuple() | list():
            return list(value)
        case _:
            return value
