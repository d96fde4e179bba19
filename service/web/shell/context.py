"""What views need to know: the services, the signed-in person, and their workspace."""

from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from typing import Final, cast

from flask import abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_security import current_user
from sqlalchemy.orm import Session

from service.accounts.desk import platform_worked_for
from service.accounts.members import membership_in, memberships, must_be_in_charge
from service.accounts.models import DESK, Member, SignIn, User, Workspace
from service.accounts.support import onlooker
from service.brands import brand_of
from service.errors import NotFound
from service.porting.silence import silent_since
from service.services import Services
from service.time import now
from service.web.shell.detours import by_way_of
from service.web.shell.requests import row_id


def services() -> Services:
    """The services that the application was created with."""
    return cast("Services", current_app.extensions["services"])


def our_address() -> str:
    """The e-mail address at which customers reach us: that of our mail."""
    return parseaddr(services().settings.mail_from)[1]


def registers_itself() -> bool:
    """Whether each business registers itself for texts to the United States in this installation."""
    return not services().settings.single_business


def browser_phones() -> bool:
    """Whether calls can be taken and made in browsers here."""
    networks = [carrier.network for carrier in services().carriers.values() if carrier.network]
    return any(network.browser_phones and network.browser_phones.is_set_up for network in networks)


def person() -> User:
    """The signed-in person."""
    return cast("User", current_user)


def only_looks() -> bool:
    """Whether one of our staff looks into a workspace, which leaves no trace among its rows."""
    return "support" in g


def this_sign_in() -> SignIn:
    """The sign-in of this browser, on a page that needs one."""
    return cast("SignIn", g.sign_in)


def member(session: Session) -> Member:
    """The person's membership in the workspace they chose. The page's times are shown in that workspace's zone.

    Where the workspace demands a second step and this sign-in had none, another page comes first.
    """
    found = member_to_be(session)
    if found.workspace.second_step:
        must_have_second_step()
    return found


def must_have_second_step() -> None:
    """Go to the page where a second step is set up or taken, unless this sign-in had one."""
    if not this_sign_in().second_step:
        abort(by_way_of("second_step.need"))


def member_to_be(session: Session) -> Member:
    """The same membership, on the pages where a second step is set up."""
    known: Member | None = g.get("here")
    if known and known in session:  # looked up once per request
        return known
    if "support" in g:
        found = onlooker(session, g.support, person().id)
        g.places = [found]
    else:
        g.places = memberships(session, person().id)
        found = membership_in(g.places, cookie.get("workspace"))
        _ask_before_another(found)
        _note_seen(found)
    _show(found.workspace)
    g.silent_since = silent_since(session, found.workspace_id)
    g.here = found
    return found


def _show(workspace: Workspace) -> None:
    """What every page of a workspace says of it."""
    g.zone, g.workspace = workspace.zone, workspace
    g.brand = brand_of(services().settings, workspace).name
    g.paused, g.awaited = workspace.paused_at is not None, workspace.waiting_since is not None
    g.closes_at = workspace.closes_at
    g.closed = g.closes_at is not None and g.closes_at <= now()
    until = workspace.support_until
    g.support_until = until if until and until > now() else None


def _note_seen(found: Member) -> None:
    if found.seen_at is None or found.seen_at < now() - timedelta(minutes=1):
        found.seen_at = now()


def _ask_before_another(found: Member) -> None:
    """Links in our mail name their workspace; one to another of the person's leads to a page that asks first."""
    named = request.args.get("workspace", type=row_id)
    if named != found.workspace_id and named in {place.workspace_id for place in g.places}:
        abort(redirect(url_for("join.elsewhere", to=named, back=request.path)))


def member_in_charge(session: Session) -> Member:
    """The membership of an owner or admin. Raises `Forbidden` for other members."""
    found = member(session)
    must_be_in_charge(found)
    return found


def must_be_desk() -> None:
    """Raise `NotFound` unless the person belongs to our staff. The page's times are in their own workspace's zone.

    Who works for one platform has the pages of its transfers alone.
    """
    if not person().has_role(DESK):
        raise NotFound("We can’t find that page.")
    must_have_second_step()
    with services().sessions.begin() as session:
        g.works_for = platform_worked_for(session, person().id)
        with suppress(NotFound):  # staff without a workspace reads UTC
            member(session)
    if g.works_for and request.endpoint == "desk.show":
        abort(redirect(url_for("queue.show")))
    if g.works_for and request.blueprint not in _OF_A_PLATFORM:
        raise NotFound("We can’t find that page.")


_OF_A_PLATFORM: Final = frozenset({"queue", "desk_transfer", "desk_acts", "cutover"})
"""The parts of the desk that show one platform's transfers and nothing else; a new one is closed to its people."""
