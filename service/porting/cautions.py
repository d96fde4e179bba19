"""What to mind at an old operator before a transfer is filed: hints of the desk, and what was rejected lately."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.language import Language
from service.porting.models import PortProject
from service.porting.needs import asked
from service.porting.past_times import ENOUGH
from service.porting.reasons import wrong_fields
from service.porting.weeks import PortWeek, monday, provider_called
from service.time import now

LATELY: Final = timedelta(weeks=26)
"""For how long rejections are held against what comes."""

OFTEN: Final = 0.1
"""The share of transfers from which on a field is warned of."""


class OperatorHint(Base):
    """What our desk knows of an old operator, told to its customers before a transfer is sent.

    `provider` is its name as people use it. `words` has the sentence by language; English is always there. It is about
    the answer to `field`, "" for the whole, and with `signs` told only if one of these characters is in that answer.
    """

    __tablename__ = "operator_hints"

    id: Mapped[Key]
    provider: Mapped[str] = mapped_column(String(100), index=True)
    field: Mapped[str] = mapped_column(String(32), default="")
    signs: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[dict[str, Any]]
    made_at: Mapped[Made]

    def said_in(self, language: Language) -> str:
        """The sentence in a language, or in English."""
        return str(self.words.get(language.value) or self.words[Language.ENGLISH.value])


@dataclass(frozen=True, slots=True)
class OftenRejected:
    """Of so many transfers that arrived lately, the answer to a field had been rejected `times` times."""

    field: str
    times: int
    arrived: int


def hints_for(session: Session, project: PortProject) -> Sequence[OperatorHint]:
    """The hints that hold for a draft's old operator and answers, oldest first."""
    provider = provider_called(project.operator, project.country)
    rows = select(OperatorHint).where(OperatorHint.provider == provider).order_by(OperatorHint.id)
    return [hint for hint in session.scalars(rows) if _holds(hint, project)] if provider else []


def often_rejected(session: Session, project: PortProject) -> list[OftenRejected]:
    """The fields that its old operator rejects often, of those that a draft answers, the most frequent first.

    None while few transfers from it have arrived: as few say nothing of the next one.
    """
    arrived, rejected = _lately(session, provider_called(project.operator, project.country))
    if arrived < ENOUGH:
        return []
    fields: Counter[str] = Counter()
    for reason, count in rejected.items():
        fields.update(dict.fromkeys(wrong_fields([reason])[:1], count))
    return list(_of_those_asked(project, fields, arrived))


def _of_those_asked(project: PortProject, fields: Counter[str], arrived: int) -> Iterator[OftenRejected]:
    questions = asked(project)
    for field, count in fields.most_common():
        if field in questions and count >= OFTEN * arrived:
            yield OftenRejected(field, count, arrived)


def _lately(session: Session, provider: str) -> tuple[int, Counter[str]]:
    """How many transfers from an old operator arrived, and how many filings were rejected for each reason."""
    since = PortWeek.week >= monday((now() - LATELY).date())
    rows = select(PortWeek.arrived, PortWeek.rejected).where(PortWeek.provider == provider, since)
    arrived, rejected = 0, Counter[str]()
    for came, reasons in session.execute(rows) if provider else ():
        arrived += came
        rejected.update(reasons)
    return arrived, rejected


def _holds(hint: OperatorHint, project: PortProject) -> bool:
    if not hint.signs:
        return True
    answer = getattr(project, hint.field, "") or ""
    return any(sign in str(answer) for sign in hint.signs)
