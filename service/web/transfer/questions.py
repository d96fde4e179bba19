"""The questions about a number at its old operator, in steps: which a draft needs, and how far it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import url_for

from provisioning.contract.porting import SubscriberKind, Verdict
from service.accounts.change_log import SECRETS
from service.desk.correspondence import DeskQuestion
from service.porting.checks import missing_answers
from service.porting.choice import days_for
from service.porting.details_requests import requested
from service.porting.models import PortProject
from service.porting.needs import asked, asked_again
from service.porting.queries import fields_to_mend
from service.porting.question_sets import Questions
from service.web.shell.context import services


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions. `fields` are names of questions, of which a number needs some."""

    name: str
    title: str
    fields: tuple[str, ...]


_ACCOUNT: Final = ("account_number", "pin", "billing_number", "remaining", "new_billing_number")

STEPS: Final = (
    Step(
        "holder",
        "Account holder",
        ("subscriber_kind", "subscriber_name", "subscriber_id", "authorized_person", "authorized_email"),
    ),
    Step("address", "Service address", ("street", "street2", "city", "region", "postal_code")),
    Step("account", "Account and PIN", _ACCOUNT),
    Step("bill", "Latest bill", ("bill",)),
    Step("contact", "Date and contact", ("wished", "contact_number", "contact_email")),
)

WHICH_LINE: Final = "lines"
"""The name under which it is kept that the line of each number was chosen; its page is `which_line.py`."""

TITLES: Final = {step.name: step.title for step in STEPS}


def questions(project: PortProject, step: Step, kind: str = "") -> Questions:
    """The questions of a step that this number needs.

    A secret that was given, and what somebody else was asked for, may stay empty.
    `kind` is the kind of holder in the same form: an individual is not asked for another person with authority.
    """
    unasked = {"bill", *(["authorized_person"] if kind == SubscriberKind.INDIVIDUAL else [])}
    known, elsewhere = asked(project), requested(project)
    elsewhere |= {name for name in SECRETS if getattr(project, name)}
    wanted = {name: known[name] for name in step.fields if name in known and name not in unasked}
    return {
        name: replace(question, required=question.required and name not in elsewhere)
        for name, question in wanted.items()
    }


def to_mend(project: PortProject) -> Questions:
    """The questions about rejected fields, and the wished day if it has become too near."""
    too_near = project.wished and project.wished not in days_for(services(), project)
    return asked_again(project, [*fields_to_mend(project), *(["wished"] if too_near else [])])


def asked_of_customer(project: PortProject, question: DeskQuestion | None) -> Questions:
    """The questions about what was rejected, and about what the desk asks. The bill has a field of its own."""
    fields = [name for name in question.fields if name != "bill"] if question else []
    return {**to_mend(project), **asked_again(project, fields)}


def step_link(project: PortProject, field: str) -> str:
    """Path of the step that asks for a field and returns to the review; "" if no step does.

    What is wrong with a number is mended where the carriers' answers about it stand.
    """
    if field == "number":
        return _check(project)
    asking = next((step.name for step in STEPS if field in step.fields), None)
    return url_for("steps.show", public_id=project.public_id, name=asking, back="") if asking else ""


def how_far(project: PortProject) -> dict[str, Any]:
    """How many steps of a draft are answered (`done`), of how many (`count`), and where to continue (`link`).

    `refused` is whether none of its numbers can be moved.
    """
    lacking = missing_answers(project)
    done = [step for step in STEPS if _is_done(project, step, lacking)]
    return {"done": len(done), "count": len(STEPS), "link": continue_at(project), "refused": _is_refused(project)}


def continue_at(project: PortProject) -> str:
    """Path where a draft continues: what the carriers said of its numbers, or the first step that is not done."""
    if not project.answered or _is_refused(project):
        return _check(project)
    return next_step(project)


def _check(project: PortProject) -> str:
    """Path of the page on which the carriers' answers about the numbers stand."""
    if not project.numbers:
        return url_for("bring.ask")
    check = "bulk_transfer.check" if len(project.numbers) > 1 else "bring.check"
    return url_for(check, public_id=project.public_id)


def next_step(project: PortProject) -> str:
    """Path of the first step that is not answered or lacks something that is wanted now, or of the review.

    What somebody else was asked for is not waited for.
    """
    if len(project.numbers) > 1 and WHICH_LINE not in project.answered:
        return url_for("which_line.ask", public_id=project.public_id)
    lacking = set(missing_answers(project)) - requested(project)
    following = next((step.name for step in STEPS if not _is_done(project, step, lacking)), None)
    if following is None:
        return url_for("review.show", public_id=project.public_id)
    return url_for("steps.show", public_id=project.public_id, name=following)


def _is_done(project: PortProject, step: Step, lacking: Collection[str]) -> bool:
    return step.name in project.answered and not set(step.fields) & set(lacking)


def _is_refused(project: PortProject) -> bool:
    """Whether none of its numbers can be moved."""
    return all(number.verdict in {Verdict.NO, Verdict.BY_HAND} for number in project.numbers)
