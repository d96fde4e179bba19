"""Drafts: beginning one, adding and removing numbers, resuming one, and finding abandoned ones."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from provisioning.contract.porting import Verdict
from service.errors import IllegalTransition, Invalid, Sentence
from service.language import Language
from service.lines.inventory import held_among
from service.lines.living_elsewhere import elsewhere
from service.lines.models import Line
from service.porting.asking import ask_about_numbers, ask_operator
from service.porting.cases import list_again
from service.porting.kinds import country_of, may_carry_texts
from service.porting.models import PortNumber, PortProject
from service.porting.operators import known_in
from service.porting.states import FINAL, State
from service.time import now

LARGEST_PROJECT: Final = 1000
"""How many numbers a project can hold."""

TOO_MANY_NUMBERS: Final = "A transfer can have 1,000 numbers. Start another one for the rest."

FORGOTTEN: Final = timedelta(days=8)
"""Customers are not reminded of a draft that was untouched for longer."""

_NOT_HERE: Final = FINAL - {State.LIVE}


def open_project(
    session: Session, *, line: Line, language: Language, contact_number: str, contact_email: str
) -> PortProject:
    """Begin a draft on a line. The contact is notified of what happens, by text (E.164, "" for none) and by mail."""
    project = PortProject(
        workspace_id=line.workspace_id,
        line=line,
        language=language,
        contact_number=contact_number,
        contact_email=contact_email,
    )
    session.add(project)
    session.flush()
    return project


def add_numbers(session: Session, project: PortProject, numbers: Sequence[str], *, home: str = "") -> None:
    """Add numbers (E.164) to a draft, all or none, and have the carrier asked about them. Known ones are skipped.

    A number of the workspace that lives at another carrier than `home` can be moved like any other, and stays on its
    line; whose it is we know.

    Raises:
        Invalid: we hold others of them already, each named, or the project would exceed `LARGEST_PROJECT`.
        IllegalTransition: the project was sent already.
    """
    _only_draft(project)
    known = {other.number for other in project.numbers}
    fresh = [number for number in dict.fromkeys(numbers) if number not in known]
    lines = elsewhere(session, project.workspace_id, fresh, home) if home else {}
    _not_ours(session, [number for number in fresh if number not in lines])
    if len(known) + len(fresh) > LARGEST_PROJECT:
        raise Invalid({"number": [TOO_MANY_NUMBERS]})
    added = [
        PortNumber(
            project=project,
            number=number,
            carries_texts=may_carry_texts(number),
            chosen_line_id=lines.get(number),
            confirmed_at=now() if number in lines else None,
        )
        for number in fresh
    ]
    project.country = next((country_of(number) for number in fresh if country_of(number)), project.country)
    session.add_all(added)
    session.flush()
    if project.operator is None:
        ask_operator.defer_once(session, project_id=project.id)
    ask_about_numbers(session, added)


def remove_number(session: Session, project: PortProject, number: str) -> None:
    """Remove a number (E.164) from a draft. Raises `IllegalTransition` if the project was sent already."""
    _only_draft(project)
    for known in [other for other in project.numbers if other.number == number]:
        project.numbers.remove(known)
        session.delete(known)
    list_again(session, [project.id])


def name_operator(session: Session, project: PortProject, name: str) -> None:
    """Note which operator the numbers of a draft are at, where the registries know another one or none ("").

    Raises:
        Invalid: nothing is known of an operator of this name in the country.
        IllegalTransition: the project was sent already.
    """
    _only_draft(project)
    if name and name not in known_in(project.country):
        raise Invalid({"operator": ["Choose one of these."]})
    project.operator = name
    list_again(session, [project.id])


def _not_ours(session: Session, numbers: Sequence[str]) -> None:
    held = held_among(session, numbers)
    if held and len(numbers) == 1:
        raise Invalid({"number": ["This number is already here."]})
    if held:
        raise Invalid({"number": [Sentence("These numbers are already here: {numbers}.", numbers=", ".join(held))]})


def _only_draft(project: PortProject) -> None:
    if any(number.state is not State.DRAFT for number in project.numbers):
        raise IllegalTransition("This has already been sent.")


def draft_with(session: Session, workspace_id: int, number: str) -> PortProject | None:
    """The workspace's newest draft of only this number (E.164), to resume instead of beginning another.

    The carriers are asked again, unless their answer about the number was yes.
    """
    drafts = (
        select(PortProject)
        .join(PortNumber)
        .where(PortProject.workspace_id == workspace_id)
        .where(PortNumber.number == number, PortNumber.state == State.DRAFT)
        .order_by(PortProject.id.desc())
    )
    found = next((project for project in session.scalars(drafts) if len(project.numbers) == 1), None)
    if found and found.numbers[0].verdict is not Verdict.YES:
        found.numbers[0].asked_at = None
        session.flush()
        ask_about_numbers(session, found.numbers)
    return found


def abandoned_drafts(session: Session, untouched: timedelta) -> list[PortProject]:
    """Drafts untouched for this long, but not longer than `FORGOTTEN`, oldest first, if they can still be sent.

    Left out are drafts with a number that cannot be ported, that another project ports or has ported, or that is in a
    newer draft too. Of the accounts of one transfer only the first is there.
    """
    other = aliased(PortNumber)
    elsewhere = exists().where(
        other.number == PortNumber.number,
        other.project_id != PortNumber.project_id,
        other.state.not_in([State.DRAFT, *_NOT_HERE]) | ((other.state == State.DRAFT) & (other.id > PortNumber.id)),
    )
    hopeless = PortNumber.verdict.in_([Verdict.NO, Verdict.BY_HAND]) | (PortNumber.state != State.DRAFT) | elsewhere
    abandoned = PortProject.touched_at.between(now() - FORGOTTEN, now() - untouched)
    rows = select(PortProject).where(abandoned, PortProject.numbers.any(), ~PortProject.numbers.any(hopeless))
    firsts: dict[int, PortProject] = {}
    for project in session.scalars(rows.order_by(PortProject.id)):
        firsts.setdefault(project.begun_with_id or project.id, project)
    return list(firsts.values())
