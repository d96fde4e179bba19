"""Each answer of a transfer as its form, its bill and its latest filing have it, and what the old operator objected to.

Account number, PIN and identity number are compared too, and never shown: only whether there is one, and whether the
bill has the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import ReasonCode
from service.accounts.change_log import SECRETS
from service.porting.bill_findings import findings_of
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.needs import asked
from service.porting.question_sets import Question
from service.porting.reasons import FIXES
from service.porting.secrecy import without_secrets
from service.porting.states import Fact, State

_UNCOMPARED: Final = frozenset({"bill", "contact_number", "contact_email", "subscriber_kind"})
"""Questions whose answers no old operator has."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What the old operator objected to: the neutral code, and what the carrier said in its own words, or ""."""

    code: ReasonCode
    words: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field. Of a secret, `now` and `filed` say only whether it is given, as True or False.

    `bill` is None where the bill does not tell, else whether it has the same; `seen` is what it has instead, if found.
    """

    field: str
    question: Question
    now: Any
    filed: Any = None
    bill: bool | None = None
    seen: str = ""
    objections: tuple[Objection, ...] = ()
    secret: bool = False
    changed: bool = False

    @property
    def differs(self) -> bool:
        """Whether somebody should look at it."""
        return self.changed or self.bill is False or bool(self.objections)


def compared(session: Session, project: PortProject) -> list[Compared]:
    """Every field that an old operator compares, in the order of the form."""
    filed = project.attempts[-1].sent if project.attempts else None
    findings = {one.field: one for one in findings_of(project)}
    objections = _by_field(objections_to(session, project))
    return [
        Compared(
            field=name,
            question=question,
            now=(now := _shown(project, name)),
            filed=(was := _filed(filed, name)),
            bill=findings[name].same if name in findings else None,
            seen=findings[name].seen if name in findings else "",
            objections=tuple(objections.get(name, ())),
            secret=name in SECRETS,
            changed=filed is not None and was != now,
        )
        for name, question in asked(project).items()
        if name not in _UNCOMPARED and (name in _kept(filed) or filed is None)
    ]


def objections_to(session: Session, project: PortProject) -> list[Objection]:
    """What stands against the numbers that are rejected now, with the carrier's words of the latest rejection."""
    codes = dict.fromkeys(
        code for number in project.numbers if number.state is State.ACTION_REQUIRED for code in number.reasons
    )
    words = _words_of(session, project) if codes else {}
    return [Objection(ReasonCode(code), words.get(code, "")) for code in codes]


def _words_of(session: Session, project: PortProject) -> dict[str, str]:
    """The carrier's text for each code of the latest rejection."""
    rows = select(PortHistory.details).join(PortNumber).where(PortNumber.project_id == project.id)
    latest = session.scalar(rows.where(PortHistory.event == Fact.REJECTED).order_by(PortHistory.id.desc()).limit(1))
    said = latest or {}
    texts: Sequence[str] = said.get("carrier_texts") or [said.get("word", "")] * len(said.get("reasons", ()))
    pairs = zip(said.get("reasons", ()), texts, strict=False)
    return {code: without_secrets(project, text) for code, text in pairs if text}


def _by_field(objections: Sequence[Objection]) -> dict[str, list[Objection]]:
    found: dict[str, list[Objection]] = {}
    for objection, field in _with_fields(objections):
        found.setdefault(field, []).append(objection)
    return found


def _with_fields(objections: Sequence[Objection]) -> Iterator[tuple[Objection, str]]:
    for objection in objections:
        for field in FIXES[objection.code].fields:
            yield objection, field


def _shown(project: PortProject, name: str) -> Any:  # noqa: ANN401 -- any type of an answer
    value = getattr(project, name)
    return bool(value) if name in SECRETS else _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any type of an answer
    """As an attempt keeps it."""
    return value.isoformat() if isinstance(value, date) else value or ""


def _filed(filed: Mapping[str, Any] | None, name: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if filed is None:
        return None
    return bool(filed.get(f"{name}_given")) if name in SECRETS else _plain(filed.get(name))


def _kept(filed: Mapping[str, Any] | None) -> set[str]:
    """The fields that an attempt keeps."""
    return {name.removesuffix("_given") for name in filed or ()}
