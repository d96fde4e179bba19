"""What a member is notified of, and through which channels."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.accounts.models import Member
from service.errors import Invalid
from service.team_notices.channels import (
    add_channel,
    channels_of,
    choices_of,
    choose,
    remove_channel,
    send_trial,
    turn_on_again,
)
from service.team_notices.handing_over import Trouble
from service.team_notices.models import CHOSEN, EMAIL, TeamEvent
from service.vapid import public_key
from service.web.shell.context import member, person, services, this_sign_in
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.security import limiter
from service.web.team.forms import ChannelForm

blueprint = Blueprint("notices", __name__, url_prefix="/team/notices")

Answer = str | Response | tuple[str, int]

EVENTS: Final[Mapping[TeamEvent, str]] = {
    TeamEvent.CALL: "Call while my phone window is closed",
    TeamEvent.MISSED_CALL: "Missed call",
    TeamEvent.VOICEMAIL: "New voicemail",
    TeamEvent.TEXT: "Text while I’m away",
    TeamEvent.MENTION: "Mention in a note",
    TeamEvent.TRANSFER: "News about a transfer",
    TeamEvent.DIGEST: "Daily summary",
}
"""Events that members can be notified of."""

TROUBLES: Final[Mapping[str, str]] = {
    Trouble.NOT_REACHED: "The last notification wasn’t accepted. Check the address.",
    Trouble.TOO_MUCH: "The last notification took longer than 15 seconds, or its answer was over 1 MB.",
    Trouble.PRIVATE: "This address is in a private network we can’t reach.",
    Trouble.NOT_UNDERSTOOD: "We no longer support this kind of address. Remove it and add a new one.",
    Trouble.NOT_PUSHED: "The last notification didn’t get through to this browser.",
    Trouble.KEY_CHANGED: "Our key has changed. Allow notifications on this device again.",
}
"""Why a channel does not work."""


@blueprint.get("/")
def show() -> str:
    """The notices page: channels, and which events go where."""
    with services().sessions.begin() as session:
        return _page(session, member(session), Form(ChannelForm()))


@blueprint.post("/")
def change() -> Response:
    """Save the choices for all lines."""
    with services().sessions.begin() as session:
        mine = member(session)
        for line in lines_for(session, mine):
            chosen: dict[TeamEvent, list[str]] = {event: request.form.getlist(f"{line.id}-{event}") for event in CHOSEN}
            choose(session, mine, line, chosen)
    flash(gettext("Saved. It applies from the next notification."))
    return redirect(url_for("notices.show"))


@blueprint.get("/channels")
def channels() -> str:
    """The list of channels, which the page reloads while a trial is under way."""
    with services().sessions.begin() as session:
        return render_template("team/_channels.html", **_channels(session, member(session)))


@blueprint.post("/channels")
@limiter.limit("30/hour")
def add() -> Answer:
    """Add a channel."""
    form = Form(ChannelForm(), request.form)
    try:
        with services().sessions.begin() as session:
            name = add_channel(session, services(), member(session), form.data()["url"]).name
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, member(session), form.refused(refusal)), 422
    flash(gettext("%(name)s is added. Choose its notifications above, then send a test.", name=name))
    return redirect(url_for("notices.show"))


@blueprint.post("/channels/<int:channel_id>/remove")
def remove(channel_id: int) -> Response:
    """Remove a channel."""
    with services().sessions.begin() as session:
        remove_channel(session, member(session), channel_id)
    flash(gettext("Removed. No notifications go there anymore."))
    return redirect(url_for("notices.show"))


@blueprint.post("/channels/<int:channel_id>/on")
@limiter.limit("20/hour")
def turn_on(channel_id: int) -> Response:
    """Turn a channel on again that was switched off."""
    with services().sessions.begin() as session:
        turn_on_again(session, member(session), channel_id)
    flash(gettext("It’s on again, and a test is on its way. Anything you missed is in the inbox."))
    return redirect(url_for("notices.show"))


@blueprint.post("/trial")
@limiter.limit("20/hour")
def trial() -> Response:
    """Send a trial notice now, by e-mail or through a channel."""
    with services().sessions.begin() as session:
        send_trial(session, member(session), request.form.get("channel", type=row_id))
    flash(gettext("A test is on its way. It should arrive within a minute."))
    return redirect(url_for("notices.show"))


def _page(session: Session, mine: Member, form: Form) -> str:
    lines = lines_for(session, mine)
    ways = _channels(session, mine)
    columns = [(EMAIL, gettext("Email"))] + [(str(channel.id), channel.name) for channel in ways["channels"]]
    devices = [(str(channel.id), channel.name) for channel in ways["channels"] if channel.push_keys]
    return render_template(
        "team/notices.html",
        form=form,
        events=[(event, words, devices if event is TeamEvent.CALL else columns) for event, words in EVENTS.items()],
        email=person().email,
        lines=[(line, choices_of(session, mine, line)) for line in lines],
        push_key=public_key(key) if (key := services().settings.vapid_key) else "",
        **ways,
    )


def _channels(session: Session, mine: Member) -> dict[str, Any]:
    """What the list of channels shows; `here` is the one to this browser."""
    theirs = channels_of(session, mine)
    here = next((channel for channel in theirs if channel.sign_in_id == this_sign_in().id), None)
    return {"channels": theirs, "here": here, "troubles": TROUBLES}
