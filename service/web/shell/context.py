"""What a view is given: the services of the process, and the person who asks."""

from datetime import timedelta
from typing import cast

from flask import current_app, g, request
from flask import session as cookie
from flask_security import current_user
from sqlalchemy.orm import Session

from service.accounts.members import memberships, must_be_in_charge, place_in
from service.accounts.models import DESK, Member, User
from service.errors import NotFound
from service.services import Services
from service.time import now


def services() -> Services:
    """The process's services."""
    return cast("Services", current_app.extensions["services"])


def person() -> User:
    """Whoever has signed in."""
    return cast("User", current_user)


def member(session: Session) -> Member:
    """The person's place in the workspace they chose, whose zone the page's times are shown in."""
    known: Member | None = g.get("here")
    if known and known in session:  # a page asks for it in several places
        return known
    chosen = request.args.get("workspace", type=int)  # links in our mail say which they are about
    if chosen:
        cookie["workspace"] = chosen
    g.places = memberships(session, person().id)
    found = place_in(g.places, cookie.get("workspace"))
    g.zone, g.workspace = found.workspace.zone, found.workspace
    if found.seen_at is None or found.seen_at < now() - timedelta(minutes=1):
        found.seen_at = now()
    g.here = found
    return found


def member_in_charge(session: Session) -> Member:
    """The same, for what only owners and admins may do. Raises `Forbidden`."""
    found = member(session)
    must_be_in_charge(found)
    return found


def must_be_desk() -> None:
    """Only our own staff; for everybody else there is nothing here."""
    if not person().has_role(DESK):
        raise NotFound("There is no such page.")
