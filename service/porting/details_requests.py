"""Asking a person outside the workspace for details of a draft, such as account number or PIN, by a link in a mail."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from secrets import compare_digest, token_urlsafe
from typing import Any, Final

from itsdangerous import BadSignature
from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import SubscriberKind
from service.accounts.change_log import Action, note
from service.errors import Conflict, IllegalTransition, Invalid, NotFound
from service.notifications.draft_notices import DetailsGiven
from service.porting.bill_files import BillFile
from service.porting.details import add_bill, revise
from service.porting.details_request_mail import send_details_request
from service.porting.followers import notify_project
from service.porting.models import DetailsRequest, PortNumber, PortProject
from service.porting.needs import asked
from service.porting.rollup import ProjectState, project_state
from service.porting.signed_links import DETAILS, read_token
from service.services import Services
from service.time import now

LIFE: Final = timedelta(days=7)
"""How long a link is good."""

ASKABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "account_number": ("account_number",),
    "pin": ("pin",),
    "bill": ("bill",),
    "authorized_person": ("authorized_person", "authorized_email"),
}
"""What others can be asked for, and the questions of each. The letter to sign is mailed to the authorized person."""

_GONE: Final = "This link no longer works. Ask the person who sent it for a new one."
_SENT: Final = "This has already been sent to the provider. You don’t need to do anything else."
_CALLED_OFF: Final = "The transfer was canceled. You don’t need to do anything else."
_ASKED_ALREADY: Final = "Someone has already been asked for this. Cancel that request first."


def askable(project: PortProject) -> list[str]:
    """What of `ASKABLE` the project needs and nobody was asked for yet."""
    taken, needed = requested(project), asked(project)
    alone = project.subscriber_kind is SubscriberKind.INDIVIDUAL
    return [
        what
        for what, names in ASKABLE.items()
        if set(names) <= set(needed) and not taken & set(names) and not (alone and what == "authorized_person")
    ]


def requested(project: PortProject) -> set[str]:
    """The names of the questions that other people were asked and have not answered yet."""
    return {name for request in open_requests(project) for name in request.missing}


def open_requests(project: PortProject) -> list[DetailsRequest]:
    """Requests that were not taken back, oldest first; the links of some may have expired."""
    return [request for request in project.details_requests if request.revoked_at is None]


def ask_for_details(
    session: Session, project: PortProject, *, asker_id: int, email: str, wanted: Collection[str]
) -> DetailsRequest:
    """Mail a person the link to a page that asks for what is `wanted` (keys of `ASKABLE`) and shows nothing else.

    Raises:
        Invalid: nothing is wanted, or somebody was asked for some of it already.
    """
    session.refresh(project, with_for_update=True)  # two admins may ask at the same moment
    session.expire(project, ["details_requests"])
    if not wanted:
        raise Invalid({"wanted": ["Choose what to ask for."]})
    if not set(wanted) <= set(askable(project)):
        raise Invalid({"wanted": [_ASKED_ALREADY]})
    request = DetailsRequest(
        project=project,
        email=email,
        fields=[name for what, names in ASKABLE.items() if what in wanted for name in names],
        asked_by=asker_id,
        nonce=token_urlsafe(12),
        expires_at=now() + LIFE,
    )
    session.add(request)
    session.flush()
    send_details_request.defer(session, request_id=request.id)
    return request


def send_again(session: Session, project: PortProject, request_id: int) -> DetailsRequest:
    """Mail a new link that is good for another week; earlier links are void. Raises `NotFound`."""
    request = _open(session, project, request_id)
    request.nonce, request.expires_at = token_urlsafe(12), now() + LIFE
    send_details_request.defer(session, request_id=request.id)
    return request


def revoke(session: Session, project: PortProject, request_id: int) -> DetailsRequest:
    """Take a request back; its link is void from now on. What was given stays. Raises `NotFound`."""
    request = _open(session, project, request_id)
    request.revoked_at = now()
    return request


def request_of(session: Session, services: Services, token: str) -> DetailsRequest:
    """The request that a link belongs to, locked. Raises `NotFound` for a link that is forged, replaced or revoked."""
    try:
        request_id, nonce = read_token(services, DETAILS, token)
    except BadSignature:
        raise NotFound(_GONE) from None
    request = session.get(DetailsRequest, request_id, with_for_update=True)
    if request is None or request.revoked_at or not compare_digest(request.nonce, nonce):
        raise NotFound(_GONE)
    return request


def must_be_answerable(session: Session, request: DetailsRequest) -> None:
    """Raise `IllegalTransition` once the draft was sent, `Conflict` once it was canceled or the link has expired."""
    rows = select(PortNumber.state).where(PortNumber.project_id == request.project_id)
    state = project_state(session.scalars(rows.with_for_update()))
    if state is ProjectState.ENDED:
        raise Conflict(_CALLED_OFF)
    if state is not ProjectState.DRAFT:
        raise IllegalTransition(_SENT)
    if request.expires_at < now():
        raise Conflict(_GONE)


def give_details(
    session: Session,
    services: Services,
    request: DetailsRequest,
    answers: Mapping[str, Any],
    bill: BillFile | None,
) -> None:
    """Store what a person answered, by question, and their bill. Empty answers change nothing.

    The contact is notified once everything is there.

    Raises:
        Invalid: nothing was answered.
    """
    given = {name: value for name, value in answers.items() if value and name in request.fields}
    if bill and "bill" in request.fields:
        add_bill(session, request.project, bill)
    elif not given:
        raise Invalid({"": ["Fill in at least one of these."]})
    revise(session, request.project, given)
    was_missing = request.missing
    request.given = [*dict.fromkeys([*request.given, *given, *(["bill"] if bill else [])])]
    _note(session, request)
    if was_missing and not request.missing:
        notice = DetailsGiven(giver=request.email, given_at=now())
        notify_project(session, services, request.project, notice, str(request.id), request.project.numbers)


def _open(session: Session, project: PortProject, request_id: int) -> DetailsRequest:
    here = (DetailsRequest.id == request_id, DetailsRequest.project_id == project.id)
    rows = select(DetailsRequest).where(*here, DetailsRequest.revoked_at.is_(None))
    request = session.scalar(rows.with_for_update())
    if request is None:
        raise NotFound("We can’t find this request. It was canceled.")
    return request


def _note(session: Session, request: DetailsRequest) -> None:
    workspace_id = request.project.workspace_id
    note(session, workspace_id=workspace_id, user_id=None, action=Action.DETAILS_GIVEN, subject=request.email)
