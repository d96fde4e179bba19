"""Entries about ports in a workspace's log."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.porting.models import PortNumber, PortProject
from service.web.shell.context import person
from service.web.shell.words import spelled


def note_port(
    session: Session,
    project: PortProject,
    action: Action,
    details: Mapping[str, Any] | None = None,
    user_id: int | None = None,
) -> None:
    """Log what a person, by default the signed-in one, did to a port: its first number, and how many `others`."""
    note(
        session,
        workspace_id=project.workspace_id,
        user_id=user_id or person().id,
        action=action,
        subject=spelled(project.numbers[0].number) if project.numbers else "",
        details={"others": max(len(project.numbers) - 1, 0), **(details or {})},
    )


def note_number(session: Session, number: PortNumber, action: Action, user_id: int | None = None) -> None:
    """Log what a person, by default the signed-in one, did to one number of a port."""
    note(
        session,
        workspace_id=number.project.workspace_id,
        user_id=user_id or person().id,
        action=action,
        subject=number.number,
        details={},
    )
