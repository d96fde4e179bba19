"""What is kept no longer than it is needed."""

from sqlalchemy import or_, select

from service.calls.greetings import drop_unused
from service.cutover.grace import due_for_release
from service.limits import forget_tries
from service.lines.effects import give_back
from service.porting.models import Document, PortProject
from service.porting.queries import state_of
from service.porting.states import ProjectState
from service.services import Services

_ENDED = {ProjectState.DONE, ProjectState.PARTLY_DONE, ProjectState.ENDED}


def release_numbers(services: Services) -> None:
    """Give back the temporary numbers whose grace is over."""
    with services.sessions.begin() as session:
        for number in due_for_release(session, services.settings):
            give_back(session, number)


def drop_greetings(services: Services) -> None:
    """Drop recorded greetings that no plan plays any more."""
    with services.sessions.begin() as session:
        drop_unused(session)


def forget_counts(services: Services) -> None:
    """Forget how often something was tried, once that limits nothing any more."""
    with services.sessions.begin() as session:
        forget_tries(session)


def wipe_secrets(services: Services) -> None:
    """Forget PIN, account number and subscriber id of projects that have ended, and what was read on their bills."""
    secrets = (PortProject.pin, PortProject.account_number, PortProject.subscriber_id)
    with services.sessions.begin() as session:
        read = PortProject.documents.any(Document.words.is_not(None))
        kept = or_(read, *(secret.is_not(None) for secret in secrets))
        for project in session.scalars(select(PortProject).where(kept)):
            if state_of(project) in _ENDED:
                project.pin = project.account_number = project.subscriber_id = None
                for document in project.documents:
                    document.words = None
