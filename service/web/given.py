"""What a view is given: the services of the process, and the person who asks."""

from typing import cast

from flask import current_app, g
from flask_security import current_user
from sqlalchemy.orm import Session

from service.accounts.members import membership
from service.accounts.models import DESK, Member, User
from service.errors import NotFound
from service.services import Services


def services() -> Services:
    """The process's services."""
    return cast("Services", current_app.extensions["services"])


def person() -> User:
    """Whoever has signed in."""
    return cast("User", current_user)


def member(session: Session) -> Member:
    """The person's place in their workspace, whose zone the page's times are shown in."""
    found = membership(session, person().id)
    g.zone = found.workspace.zone
    return found


def must_be_desk() -> None:
    """Only our own staff; for everybody else there is nothing here."""
    if not person().has_role(DESK):
        raise NotFound("There is no such page.")
