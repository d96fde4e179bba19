"""Pages of our staff about registrations for texting: those that wait, and what was sent and answered about one."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request

from provisioning.contract.registration import Mender, Stage
from service.desk.registrations import PER_PAGE, dossier, rows
from service.ledger.models import Progress
from service.registration.models import Subject
from service.registration.standing import State
from service.web.shell.context import must_be_desk, services

blueprint = Blueprint("registrations", __name__, url_prefix="/desk/registrations")

blueprint.before_request(must_be_desk)

_PAGES: Final = 1000

STATES: Final[Mapping[State, str]] = {
    State.CHECKING: "Business is being checked",
    State.AWAITS_OWNER: "Waits for the owner’s answer by text",
    State.WITH_CARRIER: "With the carrier",
    State.REFUSED: "Refused",
    State.SUSPENDED: "Suspended",
    State.REGISTERED: "Registered",
    State.NOT_BEGUN: "Not begun",
}
SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.BUSINESS: "The business",
    Subject.POOL: "Pool of its numbers",
    Subject.PROGRAM: "What it texts",
    Subject.TOLL_FREE: "Toll-free number",
    Subject.CALLER_NAME: "Name shown with calls",
    Subject.CALL_SIGNATURE: "Signed calls",
    Subject.CALL_LABELS: "Known to spam filters",
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.CHECKING: "Being checked",
    Stage.AWAITS_OWNER: "Waits for the owner’s answer by text",
    Stage.IN_REVIEW: "In review",
    Stage.APPROVED: "Approved",
    Stage.REFUSED: "Refused",
    Stage.SUSPENDED: "Suspended",
    Stage.GONE: "No longer at the carrier",
}
MENDERS: Final[Mapping[Mender, str]] = {
    Mender.CUSTOMER: "The customer corrects it",
    Mender.WORDING: "Our wording has to change",
    Mender.OPERATOR: "We have to look at it",
    Mender.LATER: "It passes by itself, or has to be sent again",
    Mender.FINAL: "Not to be sent again",
}
PROGRESS: Final[Mapping[Progress, str]] = {
    Progress.READY: "To be sent",
    Progress.TRYING: "Being sent",
    Progress.DONE: "Sent",
    Progress.REFUSED: "Refused at once, without a fee",
    Progress.PARKED: "Unclear whether it was sent",
}


@blueprint.get("/")
def listing() -> str:
    """The list of registrations that are not finished, longest waiting first; `state` in the address chooses others.

    `page` in the address is one of its pages, from 1.
    """
    asked = request.args.get("state", "")
    state = State(asked) if asked in list(State) else None
    page = min(max(request.args.get("page", 1, int), 1), _PAGES)
    words = {"states": STATES, "subjects": SUBJECTS}
    with services().sessions.begin() as session:
        found = rows(session, state, page=page, most=PER_PAGE + 1)
        following = page + 1 if len(found) > PER_PAGE else None
        return render_template(
            "desk/registrations.html", rows=found[:PER_PAGE], state=state, following=following, **words
        )


@blueprint.get("/<int:workspace_id>")
def show(workspace_id: int) -> str:
    """The page of one business: what it sent, what the carrier answered, what each try cost."""
    words = {"states": STATES, "subjects": SUBJECTS, "stages": STAGES, "menders": MENDERS, "progress": PROGRESS}
    with services().sessions.begin() as session:
        return render_template("desk/registration.html", case=dossier(session, workspace_id), **words)
