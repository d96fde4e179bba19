"""The public help page about transfers. Its facts come from the tables that the product itself works by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import Blueprint, render_template

from provisioning.contract.porting import NumberKind
from service.porting.kinds import DESCRIBED, Rules, rules_for_kind
from service.porting.operators import with_internet_numbers
from service.web.home.portable import Offered, offered
from service.web.numbers.words import kind_title
from service.web.shell.words import territory

blueprint = Blueprint("help_page", __name__)

Said = TypeVar("Said")

_ANSWERS: Final = {
    Offered.ONLINE: "Yes. We file these online.",
    Offered.BY_HAND: "Yes. Our transfer desk files these by hand, on paper.",
    Offered.NOT_YET: "Not with us yet. Providers move these by hand, on paper.",
}


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
        portable=_by_kind(lambda country, kind: [_ANSWERS[offered(country, kind)]]),
        needed=_by_rules(_needed),
        times=_by_rules(lambda rules: rules.times),
        fees=_by_rules(lambda rules: rules.fees),
        ends=_by_rules(lambda rules: rules.ends),
        warnings=_by_rules(lambda rules: [rules.warning] if rules.warning else []),
        operators=with_internet_numbers(),
    )


def _by_rules(told: Callable[[Rules], Sequence[Said]]) -> list[Alike[Said]]:
    """What the rules tell of each kind, once for all kinds of which they tell the same."""
    return _by_kind(lambda country, kind: told(rules_for_kind(country, kind)))


def _by_kind(told: Callable[[str, NumberKind], Sequence[Said]]) -> list[Alike[Said]]:
    """What is told of each kind, once for all kinds of which the same is told."""
    found: dict[tuple[Said, ...], list[str]] = {}
    for country, kind in DESCRIBED:
        if said := tuple(told(country, kind)):
            found.setdefault(said, []).append(f"{kind_title(kind)}, {territory(country)}")
    return [Alike(kinds, said) for said, kinds in found.items()]


def _needed(rules: Rules) -> Sequence[str]:
    return [question.label for name, question in rules.questions.items() if question.required or name == "bill"]
