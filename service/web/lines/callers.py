"""The page of a line's callers: who is put through, who is blocked, and whether calls are recorded.

And whether phones are hung up on whose own voicemail picks up.
"""

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.calls.nodes import Hidden, Plan
from service.calls.queries import Answering
from service.errors import Invalid
from service.web.lines.forms import CallersForm, callers_shown, let_through
from service.web.lines.node_forms import Changed
from service.web.lines.plan import after, answering, keep_changed, line_to_change
from service.web.shell.context import services
from service.web.shell.form import Form

blueprint = Blueprint("callers", __name__, url_prefix="/lines/<int:line_id>/plan/callers")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def show(line_id: int) -> str:
    """The page of callers and recording."""
    with services().sessions.begin() as session:
        line = answering(session, line_to_change(session, line_id))
        return _page(line, Form(CallersForm(), kept=callers_shown(line.plan)))


@blueprint.post("")
def change(line_id: int) -> Answer:
    """Save which callers are put through, whether calls are recorded, and what happens with voicemail of phones."""
    form = Form(CallersForm(), request.form)
    try:
        keep_changed(line_id, "", lambda plan: _let_through(plan, form))
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(answering(session, line_to_change(session, line_id)), form.refused(refusal)), 422
    return after(line_id, ())


def _let_through(plan: Plan, form: Form) -> Changed:
    form_data = form.data()
    form.must_be_based_on(callers_shown(plan))
    return Changed(let_through(plan, form_data), ())


def _page(line: Answering, form: Form) -> str:
    prices = services().network(services().home).prices
    return render_template("lines/plan_callers.html", line=line, form=form, policies=_policies(), prices=prices)


def _policies() -> list[tuple[str, str]]:
    return [
        (Hidden.RING, gettext("Put them through like everyone else")),
        (Hidden.VOICEMAIL, gettext("Let them leave a message")),
        (Hidden.TURN_AWAY, gettext("Ask them to call again with their number shown")),
    ]
