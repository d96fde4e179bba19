"""What a project has to answer: the rules of its numbers, and what its losing carrier adds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from service.porting.kinds import Rules, rules_of
from service.porting.models import PortProject
from service.porting.national_forms import is_canadian
from service.porting.operators import Operator, operator_called
from service.porting.question_sets import COMMON, PIN, Question, Questions

_ACCOUNT: Final = ("account_number", "pin")
_OF_THE_REST: Final = frozenset({"remaining", "new_billing_number"})


def rules_for(project: PortProject) -> list[Rules]:
    """The rules of a project's numbers, each once, those of its first number first."""
    found: list[Rules] = []
    for number in project.numbers:
        rules = rules_of(number.number, number.kind)
        if rules not in found:
            found.append(rules)
    return found


def operator_of(project: PortProject) -> Operator:
    """The old operator of a project, with the advice for its country."""
    return operator_called(project.operator or "", project.country)


def asked(project: PortProject) -> Questions:
    """The questions of a project by their field. With numbers of several kinds, what one of them needs is needed.

    The words are those of its first number, and of its old operator, which may insist on account number and PIN.
    """
    operator, insisted = operator_of(project), _insisted(project)
    questions = {**_united(rules_for(project)), **({"pin": PIN} if "pin" in insisted else {})}
    for name, hint in zip(_ACCOUNT, (operator.account, operator.pin), strict=True):
        if name in questions:
            questions[name] = _of_operator(questions[name], hint, insisted=name in insisted)
    unasked = _OF_THE_REST if not main_number_leaves(project) else frozenset()
    return {name: question for name, question in questions.items() if name not in unasked}


def asked_again(project: PortProject, fields: Iterable[str]) -> Questions:
    """The questions to answer anew after an objection to these fields, of which an answer is needed now."""
    known = {"pin": _of_operator(PIN, operator_of(project).pin, insisted=True), **asked(project)}
    return {name: replace(known[name], required=bool(known[name].missing)) for name in fields if name in known}


def main_number_leaves(project: PortProject) -> bool:
    """Whether the account's main number is among those to be moved, so that others may lose theirs."""
    return any(number.number == project.billing_number for number in project.numbers)


def address_country(project: PortProject) -> str:
    """ISO code of the country of the holder's address: a toll-free number's may be either that shares them."""
    return "CA" if is_canadian(project.postal_code) else project.country


def _united(rules: list[Rules]) -> dict[str, Question]:
    united: dict[str, Question] = {}
    for each in rules:
        for name, question in each.questions.items():
            known = united.setdefault(name, question)
            united[name] = replace(known, required=known.required or question.required)
    return united or dict(COMMON)


def _insisted(project: PortProject) -> set[str]:
    wanted = any(number.needs_account_and_pin for number in project.numbers)
    return {*operator_of(project).insists, *(_ACCOUNT if wanted else ())}


def _of_operator(question: Question, hint: str, *, insisted: bool) -> Question:
    return replace(question, hint=hint or question.hint, required=question.required or insisted)
