"""Remembers how lines answered, so that the next call reads little while its caller waits.

With each call the database tells the versions of the rows of which an answer is made, and what was remembered counts
only if all are the same. A row gets another version whoever writes it and however, so no change has to be announced.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ARRAY, String, any_, bindparam, exists
from sqlalchemy.orm import aliased

from provisioning.contract.callbacks import CallArrived
from service.calls.queries import Answering, answering_at, asked_of, of_called_number
from service.calls.versions import VERSIONS
from service.connections import DirectConnection
from service.db import Read, Reads
from service.lines.models import PhoneNumber, Standing
from service.phone_numbers import spellings, without_extension

MOST: Final = 2048
"""So many lines are remembered in a process; then all are forgotten."""


class _Remembered(NamedTuple):
    """How a line answered; `rung` are the numbers (E.164) that would not be rung if they were ours."""

    line: Answering
    rung: list[str]


_lines: dict[str, _Remembered] = {}

_RUNG = aliased(PhoneNumber)
_OURS = exists().where(_RUNG.number == any_(bindparam("rung", type_=ARRAY(String))), _RUNG.standing == Standing.HELD)
_AS_REMEMBERED = Read(of_called_number(VERSIONS, _OURS))


def how_line_answers(reads: Reads, arrival: CallArrived, at: datetime) -> Answering | None:
    """How the called line answers, as `answering_at` reads it.

    Within an open transaction nothing is remembered: the versions that it writes are not final yet.
    """
    if not isinstance(reads, DirectConnection):
        return answering_at(reads, arrival, at)
    remembered = _lines.get(arrival.called)
    return (remembered and _as_remembered(reads, remembered, arrival, at)) or _read(reads, arrival, at)


def _as_remembered(
    reads: DirectConnection, remembered: _Remembered, arrival: CallArrived, at: datetime
) -> Answering | None:
    """The line as it is remembered, with what is this call's own; None if anything of it is another by now."""
    line, rung = remembered
    found = _AS_REMEMBERED.first(reads, **asked_of(arrival, at), rung=rung)
    if found is None:
        return None
    versions, ours, again, moved_to = found
    if versions != line.versions or ours:
        return None
    return replace(line, comes_back=again, moved_to=moved_to or "") if again or moved_to else line


def _read(reads: Reads, arrival: CallArrived, at: datetime) -> Answering | None:
    line = answering_at(reads, arrival, at)
    if line and line.versions and not line.forwards_to_us:
        if len(_lines) >= MOST:
            _lines.clear()
        _lines[arrival.called] = _Remembered(replace(line, comes_back=False, moved_to=""), _rung(line))
    return line


def _rung(line: Answering) -> list[str]:
    """The numbers of the phones, and that to which calls are forwarded."""
    forwarding = line.plan.forwarding
    phones = [spelling for phone in line.phones for spelling in spellings(without_extension(phone.number))]
    return [*phones, forwarding.number] if forwarding else phones
