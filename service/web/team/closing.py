"""The page on which the owner closes the account, sees when it closes, and keeps it after all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Member, Membership
from service.erasing.closing import NOTICE, close, erased_at, keep
from service.erasing.holdings import numbers_held, transfers_under_way
from service.errors import Forbidden, Invalid
from service.lines.inventory import BOUGHT
from service.time import now
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.words import moment
from service.web.team.forms import CloseForm

blueprint = Blueprint("closing", __name__, url_prefix="/settings/close")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show() -> str:
    """What happens when the account is closed, and the button; for one that closes, its day."""
    return _page(Form(CloseForm()))


@blueprint.post("/")
def begin() -> Answer:
    """Have the account close."""
    form = Form(CloseForm(), request.form)
    try:
        form.data()
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    with services().sessions.begin() as session:
        mine = _owner(session)
        closes_at = close(session, mine.workspace, mine.user_id)
        words = gettext("Your account closes on %(day)s. You can keep it until then.", day=moment(closes_at))
    flash(words)
    return redirect(url_for("closing.show"))


@blueprint.post("/keep")
def stay() -> Response:
    """Keep the account that was to be closed."""
    with services().sessions.begin() as session:
        mine = _owner(session)
        keep(session, mine.workspace, mine.user_id)
    flash(gettext("Your account stays open."))
    return redirect(url_for("closing.show"))


def _owner(session: Session) -> Member:
    mine = member(session)
    if mine.role is not Membership.OWNER:
        raise Forbidden("Only the owner can close the account.")
    return mine


def _page(form: Form) -> str:
    with services().sessions.begin() as session:
        workspace = _owner(session).workspace
        closes_at = workspace.closes_at or now() + NOTICE
        return render_template(
            "team/closing.html",
            form=form,
            workspace=workspace,
            closed=closes_at <= now(),
            closes=moment(closes_at),
            erased=moment(erased_at(closes_at)),
            numbers=[(one, one.role in BOUGHT) for one in numbers_held(session, workspace.id) if one.number],
            coming=transfers_under_way(session, workspace.id),
        )
