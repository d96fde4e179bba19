"""Pages of the orders that our staff file by hand: their papers, and what the old operators answered."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.porting import Filing, PortStatus, ReasonCode
from service.desk.operator_answers import ANSWERS, Answer, write_answer
from service.desk.papers import letter_pdf, order_sheet
from service.desk.queries import Case, case_of, filing_for_papers, open_cases, order_of
from service.desk.worklist import ENDED
from service.errors import Invalid, NotFound
from service.web.desk.forms import AnswerForm
from service.web.shell.context import must_be_desk, services
from service.web.shell.form import Form
from service.web.shell.words import carrier_title, reasons

blueprint = Blueprint("worklist", __name__, url_prefix="/desk/by-hand")

blueprint.before_request(must_be_desk)

WORDS: Final = {
    PortStatus.IN_REVIEW: "To be sent",
    PortStatus.AWAITING_SIGNATURE: "The letter is out to be signed",
    PortStatus.WITH_LOSING_CARRIER: "Sent to the provider",
    PortStatus.SCHEDULED: "The provider committed to a date",
    PortStatus.REJECTED: "The provider rejected it",
    PortStatus.PORTED: "The number arrived",
    PortStatus.CANCEL_REQUESTED: "To be canceled",
    PortStatus.CANCELED: "It is canceled",
    PortStatus.NOT_PORTABLE: "It can’t be transferred",
}
"""State names on these pages."""


@blueprint.get("/")
def listing() -> str:
    """The worklist page: every order with a number that has not ended."""
    with services().sessions.begin() as session:
        return render_template("desk/worklist.html", cases=open_cases(session), words=WORDS)


@blueprint.get("/<reference>")
def show(reference: str) -> str:
    """The page of one order: its papers, and the form for the old operator's answer."""
    with services().sessions.begin() as session:
        case = case_of(session, order_of(session, reference))
        return _page(case, Form(AnswerForm(), kept={"numbers": "\n".join(_open_numbers(case))}))


@blueprint.post("/<reference>")
def answer(reference: str) -> Response | tuple[str, int]:
    """Record what the old operator answered."""
    form = Form(AnswerForm(), request.form)
    try:
        form_data = form.data()
        with services().sessions.begin() as session:
            write_answer(session, services(), order_of(session, reference), _answer(form_data))
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(case_of(session, order_of(session, reference)), form.refused(refusal)), 422
    return redirect(url_for("worklist.show", reference=reference))


@blueprint.get("/<reference>/<paper>.pdf")
def paper(reference: str, paper: str) -> Response | tuple[str, int]:
    """Download a paper, made on request and not stored. If facts are missing, show which ones (422)."""
    if paper not in _PAPERS:
        raise NotFound("We can’t find that paper.")
    with services().sessions.begin() as session:
        order = order_of(session, reference)
        try:
            content = _PAPERS[paper](filing_for_papers(session, order))
        except Invalid as refusal:
            return _blank(session, reference, refusal), 422
    return _download(content, "application/pdf", f"{paper}-{reference}.pdf")


@blueprint.get("/<reference>/bill")
def bill(reference: str) -> Response:
    """Download the customer's latest bill, which goes with the papers."""
    with services().sessions.begin() as session:
        enclosed = filing_for_papers(session, order_of(session, reference)).bill
    return _download(enclosed.content, enclosed.media_type, f"bill-{reference}")


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=media_type, headers=headers)


def _answer(form_data: dict[str, Any]) -> Answer:
    return Answer(**form_data | {"numbers": tuple(form_data["numbers"])})


def _open_numbers(case: Case) -> list[str]:
    return [number.number for number in case.order.numbers if number.status not in ENDED]


def _blank(session: Session, reference: str, refusal: Invalid) -> str:
    case = case_of(session, order_of(session, reference))
    form = Form(AnswerForm(), kept={"numbers": "\n".join(_open_numbers(case))})
    return _page(case, form, blank=refusal.fields)


def _page(case: Case, form: Form, blank: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "desk/worklist_order.html",
        case=case,
        form=form,
        words=WORDS,
        blank=blank or {},
        answers=[(one.value, gettext(WORDS[one])) for one in ANSWERS],
        reasons=[(code.value, reasons([code.value])[0].short) for code in ReasonCode],
        networks=[(name, carrier_title(name)) for name, carrier in services().carriers.items() if carrier.network],
    )


def _letter(filing: Filing) -> bytes:
    """The signed letter of authorization, or an unsigned one to print."""
    return filing.letter.content if filing.letter else letter_pdf(filing)


_PAPERS: Final = {"order-sheet": order_sheet, "letter": _letter}
