"""Releases and deletes what is no longer needed."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.accounts.api_keys import forget_answers
from service.accounts.codes import forget_codes
from service.accounts.newcomers import forget_networks
from service.accounts.sign_ins import forget_ended
from service.accounts.support import forget_support
from service.calls.greetings import drop_unused
from service.calls.legs.ending import forget_ringings
from service.calls.recordings import drop_files
from service.carrier_calls import forget_calls
from service.cutover.arranging import due_to_end
from service.cutover.grace import due_for_release
from service.events.deliveries import forget_deliveries
from service.history.hanging import end_hanging
from service.limits import forget_tries
from service.lines.releasing import begin_release
from service.porting.kept_letters import forget_kept_letters
from service.porting.models import Document, PortNumber, PortProject
from service.porting.number_codes import forget_number_codes
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.porting.states import FINAL, State
from service.schedule.run_each import run_each
from service.services import Services
from service.time import now

LEFT_LYING: Final = timedelta(days=30)
"""A draft untouched for this long loses its secrets and asks for them again; a PIN has expired by then anyway."""

_ENDED = {ProjectState.DONE, ProjectState.PARTLY_DONE, ProjectState.ENDED}


def release_numbers(services: Services) -> None:
    """Release temporary numbers whose grace is over, and numbers that their customers gave up."""
    with services.sessions.begin() as session:
        for number in [*due_for_release(session, services.settings), *due_to_end(session)]:
            begin_release(session, number)


def drop_greetings(services: Services) -> None:
    """Delete recorded greetings that no call plan plays any more."""
    with services.sessions.begin() as session:
        drop_unused(session)


def end_imports(services: Services) -> None:
    """End imports of histories that hang, and delete the files of imports that stayed behind."""
    with services.sessions.begin() as session:
        if files := end_hanging(session):
            drop_files.defer(session, names=files)


def forget_counts(services: Services) -> None:
    """Delete old counts of limits, codes, sign-ins, ring groups, answers, deliveries, carriers' calls, kept letters."""
    with services.sessions.begin() as session:
        forget_tries(session)
        forget_codes(session)
        forget_number_codes(session)
        forget_ended(session)
        forget_networks(session)
        forget_ringings(session)
        forget_answers(session)
        forget_calls(session, services.settings.callback_days)
        forget_kept_letters(session)
        forget_deliveries(session)
        forget_support(session)


def wipe_secrets(services: Services) -> None:
    """Delete the secrets of ended projects and the text of their bills, and the secrets of abandoned drafts."""
    secrets = (PortProject.pin, PortProject.account_number, PortProject.subscriber_id)
    read = select(Document.project_id).where(Document.words.is_not(None))
    sealed = select(PortProject.id).where(or_(*(secret.is_not(None) for secret in secrets)))
    with services.sessions() as session:
        kept = select(PortProject.id).where(PortProject.id.in_(read.union(sealed)), ~_under_way())
        project_ids = list(session.scalars(kept.order_by(PortProject.id)))
    run_each(services, project_ids, _wipe)


def _under_way() -> ColumnElement[bool]:
    """The condition that a project has a number which is neither a draft nor ended: most of those with secrets do."""
    return PortProject.numbers.any(PortNumber.state.not_in([*FINAL, State.DRAFT]))


def _wipe(session: Session, project_id: int) -> None:
    project = session.get_one(PortProject, project_id)
    state = state_of(project)
    if state in _ENDED:
        _forget_secrets(project)
        for document in project.documents:
            document.words = None
            document.pages.clear()
    elif state is ProjectState.DRAFT and project.touched_at < now() - LEFT_LYING:
        _forget_secrets(project)


def _forget_secrets(project: PortProject) -> None:
    project.pin = project.account_number = project.subscriber_id = None
