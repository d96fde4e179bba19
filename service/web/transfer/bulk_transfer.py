"""Starting a transfer of many numbers from a list or a file, and which of them can be moved."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from provisioning.contract.porting import Verdict
from service.errors import Invalid, Sentence
from service.porting.drafts import remove_number
from service.porting.list_columns import OldAccount
from service.porting.list_files import rows_in
from service.porting.models import PortNumber, PortProject
from service.porting.number_lists import NumberList, Row, read_list, read_rows
from service.web.shell.context import member_in_charge, services
from service.web.shell.fields import wrong_lines
from service.web.shell.form import Form
from service.web.shell.heavy_files import opening
from service.web.shell.languages import country_now
from service.web.shell.scoped import my_project
from service.web.transfer.bring import Accounts, draft
from service.web.transfer.forms import ListForm
from service.web.transfer.questions import next_step

blueprint = Blueprint("bulk_transfer", __name__)

Answer = str | Response | tuple[str, int]

_REFUSED: Final = frozenset({Verdict.NO, Verdict.BY_HAND})
_NO_LIST: Final = "There are no phone numbers in the first column of this list."
_FROM_FILE: Final = "The numbers from your file are in the field now, so you don’t need to choose it again."
_FEW: Final = 10
"""So many wrong lines and no right one are no list of numbers."""


@blueprint.get("/bring/many")
def ask() -> str:
    """The page that asks for the numbers."""
    return _page(Form(ListForm()))


@blueprint.post("/bring/many")
def begin() -> Answer:
    """Create a draft with all the numbers, or none if a line is wrong."""
    form = Form(ListForm(), request.form)
    try:
        with services().sessions.begin() as session:
            member_in_charge(session)
        accounts, pins = _read(form.data()["list"])
        with services().sessions.begin() as session:
            public_id = draft(session, accounts, pins).public_id
    except Invalid as refusal:
        wrong = [message for messages in refusal.fields.values() for message in messages]
        return _page(form.refused(Invalid({"list": wrong}))), 422
    following = "accounts.show" if len(accounts) > 1 else "bulk_transfer.check"
    return redirect(url_for(following, public_id=public_id))


@blueprint.get("/ports/<public_id>/numbers")
def check(public_id: str) -> str:
    """The page that counts the numbers that can be moved, as the carriers answer."""
    with services().sessions.begin() as session:
        return _verdicts(my_project(session, public_id), "transfer/bulk_transfer_check.html")


@blueprint.get("/ports/<public_id>/verdicts")
def verdicts(public_id: str) -> str:
    """The counts, the part of the page that is reloaded."""
    with services().sessions.begin() as session:
        return _verdicts(my_project(session, public_id), "transfer/_verdicts.html")


@blueprint.post("/ports/<public_id>/numbers/refused")
def take_out(public_id: str) -> Response:
    """Remove the numbers that cannot be moved, unless none would be left."""
    with services().sessions.begin() as session:
        member_in_charge(session)
        project = my_project(session, public_id)
        refused = _refused(project)
        for number in refused if len(refused) < len(project.numbers) else ():
            remove_number(session, project, number.number)
    return redirect(url_for("bulk_transfer.check", public_id=public_id))


def _read(typed: str) -> tuple[Accounts, Mapping[OldAccount, str]]:
    """The numbers of all lists by account, and PINs by account. Each list may have a heading, and counts its lines."""
    sent = request.files.get("file")
    in_field = _right(read_list(typed, country_now()), typed)
    in_file = _in_digits(read_rows(_rows(sent.read()) if sent else (), country_now()), typed)
    if not in_field.numbers and not in_file.numbers:
        raise Invalid({"list": ["Enter the numbers you want to transfer, or choose a file."]})
    accounts: dict[OldAccount, list[str]] = {}
    for number in dict.fromkeys([*in_field.numbers, *in_file.numbers]):
        account = in_field.accounts.get(number) or in_file.accounts.get(number) or OldAccount()
        accounts.setdefault(account, []).append(number)
    return accounts, {**in_file.pins, **in_field.pins}


def _rows(content: bytes) -> Iterator[Row]:
    with opening("list"):
        return rows_in(content)


def _in_digits(found: NumberList, typed: str) -> NumberList:
    """What was read of a file. Raises `Invalid` if a line is wrong.

    A browser does not send a file again. If nothing is wrong with it but numbers in letters, which want a yes, its
    numbers are proposed for the field, below what was `typed` there; not where the file says their accounts.
    """
    digits = [line.why.instead for line in found.wrong if isinstance(line.why, Sentence) and line.why.instead]
    if not digits or len(digits) < len(found.wrong) or found.accounts:
        return _right(found, "")
    proposed = "\n".join([typed, *found.numbers, *digits]).strip()
    raise Invalid({"list": [*wrong_lines(found.wrong, ""), Sentence(_FROM_FILE, instead=proposed)]})


def _right(found: NumberList, typed: str) -> NumberList:
    if len(found.wrong) > _FEW and not found.numbers:
        raise Invalid({"list": [_NO_LIST]})
    if found.wrong:
        raise Invalid({"list": list(wrong_lines(found.wrong, typed))})
    return found


def _refused(project: PortProject) -> Sequence[PortNumber]:
    return [number for number in project.numbers if number.verdict in _REFUSED]


def _verdicts(project: PortProject, template: str) -> str:
    refused = _refused(project)
    counts = Counter(number.verdict for number in project.numbers if number.asked_at)
    return render_template(
        template,
        project=project,
        asked=counts.total(),
        good=counts[Verdict.YES] + counts[Verdict.UNKNOWN],
        refused=refused,
        by_hand=[number for number in refused if number.verdict is Verdict.BY_HAND],
        immovable=[number for number in refused if number.verdict is Verdict.NO],
        following=next_step(project),
    )


def _page(form: Form) -> str:
    return render_template("transfer/bulk_transfer.html", form=form)
