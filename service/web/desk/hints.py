"""The page of hints about old operators, which their customers read before they send a transfer."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid, NotFound
from service.language import Language
from service.porting.cautions import OperatorHint
from service.web.desk.forms import ABOUT, HintForm
from service.web.shell.context import must_be_desk, services
from service.web.shell.form import Form

blueprint = Blueprint("hints", __name__, url_prefix="/desk/hints")

blueprint.before_request(must_be_desk)


@blueprint.get("/")
def show() -> str:
    """All hints, and a form for a new one."""
    with services().sessions.begin() as session:
        return _page(session, Form(HintForm()))


@blueprint.post("/")
def add() -> Response | tuple[str, int]:
    """Add a hint."""
    form = Form(HintForm(), request.form)
    with services().sessions.begin() as session:
        try:
            session.add(OperatorHint(**_columns(form.data())))
        except Invalid as refusal:
            return _page(session, form.refused(refusal)), 422
    return redirect(url_for("hints.show"))


@blueprint.get("/<int:hint_id>")
def edit(hint_id: int) -> str:
    """All hints, and a form with one of them."""
    with services().sessions.begin() as session:
        hint = _known(session, hint_id)
        said = {f"in_{key}": words for key, words in hint.words.items()}
        kept = {"provider": hint.provider, "field": hint.field, "signs": hint.signs, **said}
        return _page(session, Form(HintForm(), kept=kept), hint)


@blueprint.post("/<int:hint_id>")
def change(hint_id: int) -> Response | tuple[str, int]:
    """Change a hint."""
    form = Form(HintForm(), request.form)
    with services().sessions.begin() as session:
        hint = _known(session, hint_id)
        try:
            for name, value in _columns(form.data()).items():
                setattr(hint, name, value)
        except Invalid as refusal:
            return _page(session, form.refused(refusal), hint), 422
    return redirect(url_for("hints.show"))


@blueprint.post("/<int:hint_id>/remove")
def remove(hint_id: int) -> Response:
    """Remove a hint."""
    with services().sessions.begin() as session:
        session.delete(_known(session, hint_id))
    return redirect(url_for("hints.show"))


def _page(session: Session, form: Form, edited: OperatorHint | None = None) -> str:
    return render_template(
        "desk/hints.html",
        hints=session.scalars(select(OperatorHint).order_by(OperatorHint.provider, OperatorHint.id)).all(),
        form=form,
        edited=edited,
        english=Language.ENGLISH,
        about=[(field, gettext(label)) for field, label in ABOUT.items()],
    )


def _known(session: Session, hint_id: int) -> OperatorHint:
    hint = session.get(OperatorHint, hint_id)
    if hint is None:
        raise NotFound("We can’t find that hint.")
    return hint


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    words = {language.value: said for language in Language if (said := told[f"in_{language}"])}
    return {"provider": told["provider"], "field": told["field"], "signs": told["signs"], "words": words}
