"""Entries about ports in a workspace's log."""

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.porting.models import PortProject
from service.web.shell.context import person
from service.web.shell.words import spelled


def note_port(session: Session, project: PortProject, action: Action) -> None:
    """Log what the signed-in person did to a port."""
    note(session, workspace_id=project.workspace_id, user_id=person().id, action=action, subject=_numbers(project))


def _numbers(project: PortProject) -> str:
    """The first number of a port, and how many more it has."""
    first = spelled(project.numbers[0].number) if project.numbers else ""
    return f"{first} + {len(project.numbers) - 1}" if len(project.numbers) > 1 else first
