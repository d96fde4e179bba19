"""What a move will take, told before it is sent: how long, what it may cost, and what may end with the number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from service.porting.choice import is_by_hand
from service.porting.estimate import Estimate, estimate
from service.porting.kinds import Rules, Stated
from service.porting.models import PortProject
from service.porting.needs import operator_of, rules_for
from service.web.shell.context import services

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is told of a project; `expected` is None where nobody can say. `by_hand` is whether our desk files it."""

    expected: Estimate | None
    by_hand: bool
    times: list[Stated]
    fees: list[Stated]
    ends: list[str]


def prospect(session: Session, project: PortProject) -> Prospect:
    """The prospect of a draft: its numbers' rules, each sentence once, and what its old operator adds."""
    rules, operator = rules_for(project), operator_of(project)
    return Prospect(
        expected=estimate(session, services(), project),
        by_hand=any(is_by_hand(services(), number) for number in project.numbers),
        times=_each_once(rules, lambda one: one.times),
        fees=[*_each_once(rules, lambda one: one.fees), *([Stated(operator.fee)] if operator.fee else [])],
        ends=[*_each_once(rules, lambda one: one.ends), *([operator.news] if operator.internet else [])],
    )


def _each_once(rules: Iterable[Rules], told: Callable[[Rules], Iterable[Told]]) -> list[Told]:
    return list(dict.fromkeys(sentence for each in rules for sentence in told(each)))
