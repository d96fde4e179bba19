"""What a customer writes to the desk about a transfer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.desk.messages import write_to_desk
from service.errors import Invalid
from service.web.shell.context import member_in_charge, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.shell.security import limiter, signed_in_person
from service.web.shell.words import translated
from service.web.transfer.forms import MessageForm

blueprint = Blueprint("correspondence", __name__, url_prefix="/ports/<public_id>/messages")


@blueprint.post("")
@limiter.limit("20/hour;60/day", key_func=signed_in_person)
def write(public_id: str) -> Response:
    """Write to the desk."""
    try:
        with services().sessions.begin() as session:
            member_in_charge(session)
            text = Form(MessageForm(), request.form).data()["message"]
            write_to_desk(session, my_project(session, public_id), person(), text)
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    else:
        flash(gettext("Sent. Our transfer desk answers here and by email."))
    return redirect(url_for("ports.show", public_id=public_id, _anchor="desk"))
