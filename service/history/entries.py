"""What files of other services say of earlier texts and calls, before anything of it is believed."""

from dataclasses import asdict, dataclass
from typing import Any, Final

MOST: Final = 50_000
"""Texts and calls of one file; further ones are left out."""

LONGEST_TEXT: Final = 5_000
"""Characters that are kept of one text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text or call as a file has it.

    `at` is a date and time as it is written there; one without a time zone is of the workspace's. `direction` is "in",
    "out", or "" where the file does not say; then the numbers tell. `sender` and `recipient` are numbers in any
    spelling, either may be missing. `outcome` ("missed", "voicemail", "answered") and `seconds` are those of a call;
    a text has neither. `text` is a voicemail's transcript.
    """

    at: str = ""
    direction: str = ""
    sender: str = ""
    recipient: str = ""
    name: str = ""
    text: str = ""
    outcome: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found in a file, and how much of it cannot be taken."""

    entries: list[Entry]
    left_out: int = 0


def in_json(found: Contents) -> dict[str, Any]:
    """Contents as JSON carries them from the process that read the file: without what is empty, which is most."""
    entries = [{name: value for name, value in asdict(entry).items() if value} for entry in found.entries]
    return {"entries": entries, "left_out": found.left_out}


def contents(read: dict[str, Any]) -> Contents:
    """The same read back, without what no database keeps."""
    entries = [{name: _kept(value) for name, value in entry.items()} for entry in read["entries"]]
    return Contents([Entry(**entry) for entry in entries], read["left_out"])


def _kept(value: Any) -> Any:  # noqa: ANN401 -- words and numbers
    return value.replace("\0", "").encode(errors="replace").decode() if isinstance(value, str) else value
