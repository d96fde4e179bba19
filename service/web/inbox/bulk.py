"""Acting on several conversations of the list at once: done, reopened, assigned, snoozed or tagged, all or none."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.inbox import handling
from service.inbox.models import Conversation
from service.inbox.tags import add_tag
from service.inbox.undoing import Changed, Undo, tagged, undoable
from service.time import in_zone
from service.web.inbox.forms import AssignForm, SnoozeForm, TagForm
from service.web.inbox.tags import tag_name
from service.web.inbox.undo import flash_undo
from service.web.shell.context import member, services
from service.web.shell.form import Form, FormSchema
from service.web.shell.requests import row_id
from service.web.shell.scoped import my_conversations
from service.web.shell.words import translated

blueprint = Blueprint("bulk", __name__, url_prefix="/inbox/selected")

_NONE: Final = "Select conversations first."


@blueprint.post("")
def act() -> Response:
    """Do what the pressed button says with the selected conversations; a refusal leaves all as they were."""
    try:
        with services().sessions.begin() as session:
            chosen = _selected(session)
            undo = _pressed()(session, chosen)
        flash_undo(ngettext("%(num)d conversation changed.", "%(num)d conversations changed.", len(chosen)), undo)
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    view, line, tag = (request.form.get(name) or None for name in ("view", "line", "tag"))
    return redirect(url_for("inbox.show", view=view, line=line, tag=tag))


def _selected(session: Session) -> Sequence[Conversation]:
    """Raises `Invalid` if there is none."""
    try:
        chosen = my_conversations(session, [row_id(typed) for typed in request.form.getlist("conversation")])
    except ValueError:
        chosen = []
    if not chosen:
        raise Invalid({"conversation": [_NONE]})
    return chosen


def _pressed() -> Callable[[Session, Sequence[Conversation]], Undo]:
    return next((act for button, act in _ACTS.items() if button in request.form), _tag)


def _typed(schema: type[FormSchema]) -> Mapping[str, Any]:
    return Form(schema(), request.form).data()


def _handled(chosen: Sequence[Conversation], handle: Callable[[Conversation], None]) -> Undo:
    return undoable(Changed.HANDLING, chosen, lambda: _each(chosen, handle))


def _each(chosen: Sequence[Conversation], do: Callable[[Conversation], None]) -> None:
    for conversation in chosen:
        do(conversation)


def _finish(_: Session, chosen: Sequence[Conversation]) -> Undo:
    return _handled(chosen, handling.finish)


def _reopen(_: Session, chosen: Sequence[Conversation]) -> Undo:
    return _handled(chosen, handling.reopen)


def _assign(session: Session, chosen: Sequence[Conversation]) -> Undo:
    to = _typed(AssignForm)["assignee"]
    return undoable(Changed.ASSIGNEE, chosen, lambda: _each(chosen, partial(handling.assign, session, user_id=to)))


def _snooze(session: Session, chosen: Sequence[Conversation]) -> Undo:
    until = in_zone(_typed(SnoozeForm)["until"], member(session).workspace.zone)
    return _handled(chosen, partial(handling.snooze, until=until))


def _tag(session: Session, chosen: Sequence[Conversation]) -> Undo:
    return tagged(*add_tag(session, chosen, member(session).workspace_id, tag_name(_typed(TagForm))))


_ACTS: Final[Mapping[str, Callable[[Session, Sequence[Conversation]], Undo]]] = {
    "done": _finish,
    "open": _reopen,
    "assignee": _assign,
    "until": _snooze,
}
"""What each button does, by its name. The others name a tag, or add the one that was typed."""
