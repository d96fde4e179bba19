"""The page of what workspaces spend, where one is paused and a new country allowed."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Workspace
from service.desk.spending import last_days, newcomers, spenders, waiting_countries
from service.errors import NotFound
from service.spending import allowances
from service.spending.expenses import spent
from service.web.shell.context import must_be_desk, services

blueprint = Blueprint("spending", __name__, url_prefix="/desk/spending")

blueprint.before_request(must_be_desk)


@blueprint.get("/")
def show() -> str:
    """The page: what all spend together, each of those that spend most, and countries that wait to be allowed."""
    with services().sessions.begin() as session:
        day, month = spent(session)
        return render_template(
            "desk/spending.html",
            day=day,
            month=month,
            caps=services().settings,
            currency=services().network(services().home).prices.currency,
            days=last_days(),
            spenders=spenders(session),
            waiting=waiting_countries(session),
            newcomers=newcomers(session),
        )


@blueprint.post("/<int:workspace_id>/pause")
def pause(workspace_id: int) -> Response:
    """Pause a workspace."""
    with services().sessions.begin() as session:
        allowances.pause(session, _known(session, workspace_id))
    return redirect(url_for("spending.show"))


@blueprint.post("/<int:workspace_id>/lift")
def lift(workspace_id: int) -> Response:
    """End the pause of a workspace."""
    with services().sessions.begin() as session:
        allowances.lift(session, _known(session, workspace_id))
    return redirect(url_for("spending.show"))


@blueprint.post("/<int:workspace_id>/countries/<country>")
def allow(workspace_id: int, country: str) -> Response:
    """Let a workspace call and text a country that it has asked for."""
    with services().sessions.begin() as session:
        allowances.allow(session, workspace_id, country)
    return redirect(url_for("spending.show"))


def _known(session: Session, workspace_id: int) -> int:
    if session.get(Workspace, workspace_id) is None:
        raise NotFound("We can’t find that workspace.")
    return workspace_id
