"""Handing a notice to the service that a channel's URL names, in a process of its own that has little time and memory.

Such a service is a stranger's: it may answer slowly, without end, or by leading elsewhere. The process keeps within
`BOUNDS` and reads at most `LARGEST_ANSWER`. It connects to the very address that was found public, so that a name which
resolves to another one the next time leads nowhere.
"""

import json
import socket
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Any, Final

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat

from service.bounded import Bounds, NotRead, TooMuch, read_apart
from service.team_notices.ssrf import guarding
from service.team_notices.urls import service_at

LARGEST_ANSWER: Final = 1024 * 1024
"""Bytes that a service may answer in all, as they come over the wire."""

BOUNDS: Final = Bounds(seconds=15, processor_seconds=10, memory=256 * 1024 * 1024, slots=BoundedSemaphore(4))
"""What a service may take in all, from the start of the process to its end; most of the memory is for the libraries."""

_READ_TIMEOUT: Final = 10.0


class Trouble(StrEnum):
    """Why a channel does not work, for the member whose channel it is. One that is GONE is forgotten."""

    NOT_REACHED = "not_reached"
    TOO_MUCH = "too_much"
    PRIVATE = "private"
    NOT_UNDERSTOOD = "not_understood"
    NOT_PUSHED = "not_pushed"
    KEY_CHANGED = "key_changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Handover:
    """Words for the service at a URL. `private` allows private networks."""

    url: str = field(repr=False)
    title: str
    text: str = field(repr=False)
    private: bool


def hand_over(handover: Handover) -> Trouble | None:
    """Hand the words over, within the bounds. Returns why it failed, or None."""
    try:
        trouble = read_apart(handed_over, json.dumps(asdict(handover)).encode(), BOUNDS)
    except TooMuch:
        return Trouble.TOO_MUCH
    except NotRead:
        return Trouble.NOT_REACHED
    return Trouble(trouble) if trouble else None


def handed_over(content: bytes) -> str:
    """What the process does: hand over what the JSON of a `Handover` says. Returns a `Trouble`, or ""."""
    socket.SocketIO = _Counted  # type: ignore[misc]
    trouble = reach(Handover(**json.loads(content)))
    return Trouble.TOO_MUCH if _Counted.total > LARGEST_ANSWER else trouble


def reach(handover: Handover) -> str:
    """Hand the words over, in this process and without bounds. Returns a `Trouble`, or ""."""
    service = service_at(handover.url)
    if service is None:
        return Trouble.NOT_UNDERSTOOD
    with guarding(private=handover.private) as guard:
        taken = _notify(service, handover)
    if guard.refused:
        return Trouble.PRIVATE
    return "" if taken else Trouble.NOT_REACHED


def _notify(service: NotifyBase, handover: Handover) -> bool:
    service.socket_connect_timeout = service.socket_read_timeout = _READ_TIMEOUT
    service.retry = 0  # the queue tries again
    reached = Apprise(service, asset=AppriseAsset(async_mode=False))
    return bool(reached.notify(body=handover.text, title=handover.title, body_format=NotifyFormat.TEXT))


class _TooLong(OSError):
    """The answers of a service were longer than `LARGEST_ANSWER`."""


class _Counted(socket.SocketIO):
    """What Python's clients of HTTP and SMTP read from, with or without TLS: counts the bytes."""

    total = 0

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 -- whatever holds bytes
        """Read as usual. Raises `_TooLong`."""
        count = super().readinto(buffer)
        _Counted.total += count or 0
        if _Counted.total > LARGEST_ANSWER:
            raise _TooLong
        return count
