"""The public help page about transfers. Its facts come from the tables that the product itself works by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import Blueprint, render_template

from service.porting.kinds import DESCRIBED, FiledBy, Rules, rules_for_kind
from service.porting.operators import with_internet_numbers
from service.web.home.portable import is_offered
from service.web.numbers.words import kind_title
from service.web.shell.words import territory

blueprint = Blueprint("help_page", __name__)

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Alike(Generic[Said]):
    """Kinds of numbers of which the same is said."""

    kinds: list[str]
    said: Sequence[Said]


@blueprint.get("/help")
def show() -> str:
    """Answer what people ask before they transfer a number."""
    return render_template(
        "home/help.html",
        portable=_by_kind(lambda rules: [_answer(rules)]),
        needed=_by_kind(_needed),
        times=_by_kind(lambda rules: rules.times),
        fees=_by_kind(lambda rules: rules.fees),
        ends=_by_kind(lambda rules: rules.ends),
        warnings=_by_kind(lambda rules: [rules.warning] if rules.warning else []),
        operators=with_internet_numbers(),
    )


def _by_kind(told: Callable[[Rules], Sequence[Said]]) -> list[Alike[Said]]:
    """What the rules tell of each kind, once for all kinds of which they tell the same."""
    found: dict[tuple[Said, ...], list[str]] = {}
    for country, kind in DESCRIBED:
        if said := tuple(told(rules_for_kind(country, kind))):
            found.setdefault(said, []).append(f"{kind_title(kind)}, {territory(country)}")
    return [Alike(kinds, said) for said, kinds in found.items()]


def _answer(rules: Rules) -> str:
    if not is_offered(rules):
        return "Not with us yet. Providers move these by hand, on paper."
    if rules.filed_by is FiledBy.CARRIER:
        return "Yes. We file these online."
    return "Yes. Our transfer desk files these by hand, on paper."


def _needed(rules: Rules) -> Sequence[str]:
    return [question.label for name, question in rules.questions.items() if question.required or name == "bill"]
