"""The team page: members, their roles and lines, and who is on duty."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts import second_step, team
from service.accounts.access import line_for, lines_by_member, lines_for, usual_line
from service.accounts.invitations import open_invitations
from service.accounts.members import memberships, team_of
from service.accounts.models import IN_CHARGE, Member, Membership
from service.calls.owners import find_owners, forget_gone_phones, phones_of
from service.erasing.people import erase_member
from service.erasing.people import leave as leave_team
from service.errors import Invalid
from service.inbox.unassigning import unassign_hidden
from service.lines.inventory import must_be_in_use
from service.time import now
from service.web.shell.browsers import sign_out
from service.web.shell.context import member, member_in_charge, person, services
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.team.forms import HandOverForm, MemberForm, NameForm, UsualLineForm

blueprint = Blueprint("team", __name__, url_prefix="/team")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show() -> str:
    """The team page: members, and open invitations for owners and admins."""
    return _team_page(Form(NameForm(), kept={"name": person().name}))


@blueprint.post("/duty")
def duty() -> Response:
    """Go on or off duty. Members on duty are assigned new conversations in turn, and their phones ring."""
    with services().sessions.begin() as session:
        mine = member(session)
        mine.on_duty = request.form.get("on_duty") == "true"
        on_duty = mine.on_duty
    flash(
        gettext("You’re on duty.") if on_duty else gettext("You’re off duty. No new conversations are assigned to you.")
    )
    return redirect(url_for("team.show"))


@blueprint.post("/name")
def rename() -> Answer:
    """Change the person's own name. Phones that carry the name become theirs."""
    form = Form(NameForm(), request.form)
    try:
        name = form.data()["name"]
        with services().sessions.begin() as session:
            mine = member(session)
            mine.user.name = name
            for place in memberships(session, mine.user_id):
                find_owners(session, place.workspace_id)
    except Invalid as refusal:
        return _team_page(form.refused(refusal)), 422
    flash(gettext("Saved. Your team sees this name."))
    return redirect(url_for("team.show"))


@blueprint.post("/line")
def write_from() -> Response:
    """Choose the line that the person calls and texts new contacts from."""
    with services().sessions.begin() as session:
        mine = member(session)
        chosen = Form(UsualLineForm(), request.form).data()["line"]
        line = line_for(session, mine, chosen)
        must_be_in_use(session, line)
        mine.usual_line_id = line.id
    flash(gettext("Saved. New texts and calls go out from this line."))
    return redirect(url_for("team.show"))


@blueprint.get("/<int:member_id>")
def settings(member_id: int) -> str:
    """The page of one member's role and lines."""
    with services().sessions.begin() as session:
        other = team.colleague(session, member_in_charge(session), member_id)
        return _page(session, other, Form(MemberForm(), kept=_kept(session, other)))


@blueprint.post("/<int:member_id>")
def change(member_id: int) -> Answer:
    """Save a member's role and lines, which hold from their next request on."""
    form = Form(MemberForm(), request.form)
    try:
        with services().sessions.begin() as session:
            mine = member_in_charge(session)
            other = team.colleague(session, mine, member_id)
            session.refresh(other, with_for_update=True)  # simultaneous changes are made one after the other
            role = form.data()["role"]
            form.must_be_based_on(_kept(session, other))
            team.set_up(session, mine, other, role, request.form.getlist("lines", type=row_id))
            unassign_hidden(session, other.workspace_id, other.user_id)
            forget_gone_phones(session, other.workspace_id)
    except Invalid as refusal:
        return _refused(member_id, form.refused(refusal))
    flash(gettext("Saved."))
    return redirect(url_for("team.show"))


@blueprint.post("/<int:member_id>/remove")
def remove(member_id: int) -> Response:
    """Remove a member. Conversations assigned to them become free."""
    with services().sessions.begin() as session:
        mine = member_in_charge(session)
        other = team.colleague(session, mine, member_id)
        leave_team(session, mine, other)
    flash(gettext("Removed from the team. Their conversations are unassigned."))
    return redirect(url_for("team.show"))


@blueprint.post("/<int:member_id>/erase")
def erase(member_id: int) -> Response:
    """Remove a member and delete their name, address and devices."""
    with services().sessions.begin() as session:
        mine = member(session)
        erase_member(session, mine, team.colleague(session, mine, member_id))
    flash(gettext("Removed from the team. Their name, email, and devices are being deleted."))
    return redirect(url_for("team.show"))


@blueprint.post("/leave")
def leave() -> Response:
    """Leave the workspace. A person who belongs to no other is signed out."""
    with services().sessions.begin() as session:
        mine = member(session)
        leave_team(session, mine, mine)
        elsewhere = bool(memberships(session, person().id))
    if not elsewhere:
        sign_out()
    flash(gettext("You left the team."))
    return redirect(url_for("front.landing"))


@blueprint.post("/<int:member_id>/owner")
def hand_over(member_id: int) -> Answer:
    """Make another member the owner."""
    form = Form(HandOverForm(), request.form)
    try:
        form.data()
        with services().sessions.begin() as session:
            mine = member(session)
            team.hand_over(session, mine, team.colleague(session, mine, member_id))
    except Invalid as refusal:
        return _refused(member_id, form.refused(refusal))
    flash(gettext("Done. You’re now an admin."))
    return redirect(url_for("team.show"))


@blueprint.post("/second-step")
def demand() -> Response:
    """Demand a second step of everybody who signs in to this workspace, or leave it to them."""
    with services().sessions.begin() as session:
        demanded = request.form.get("demanded") == "true"
        second_step.demand(session, member(session), demanded=demanded)
    flash(gettext("Saved."))
    return redirect(url_for("team.show"))


@blueprint.post("/<int:member_id>/second-step")
def let_start_anew(member_id: int) -> Response:
    """Take the second step from a member who has lost it."""
    with services().sessions.begin() as session:
        mine = member(session)
        second_step.let_start_anew(session, mine, team.colleague(session, mine, member_id))
    flash(gettext("Done. They sign in with a code from their email and can set up a new second step."))
    return redirect(url_for("team.show"))


def _team_page(form: Form) -> str:
    with services().sessions.begin() as session:
        mine = member(session)
        in_charge = mine.role in IN_CHARGE
        members = team_of(session, mine.workspace_id)
        lines = lines_by_member(session, members)
        return render_template(
            "team/team.html",
            mine=mine,
            form=form,
            my_lines=lines.get(mine.id, []),
            usual_line=usual_line(lines.get(mine.id, []), mine),
            phones=phones_of(session, mine),
            team=[(one, lines[one.id]) for one in members],
            in_charge=in_charge,
            invitations=open_invitations(session, mine.workspace_id) if in_charge else [],
            now=now(),
        )


def _kept(session: Session, other: Member) -> dict[str, Any]:
    return {"role": other.role, "lines": sorted(line.id for line in lines_for(session, other))}


def _refused(member_id: int, form: Form) -> tuple[str, int]:
    with services().sessions.begin() as session:
        return _page(session, team.colleague(session, member_in_charge(session), member_id), form), 422


def _page(session: Session, other: Member, form: Form) -> str:
    mine = member(session)
    owner = mine.role is Membership.OWNER
    seen = {
        "ways": second_step.ways_of(session, other.user_id) if owner else None,
        "erasable": owner and second_step.is_ours_alone(session, other),
        **line_choices(session, mine, other),
    }
    return render_template("team/member.html", mine=mine, other=other, form=form, **seen)


def line_choices(session: Session, mine: Member, other: Member | None = None) -> dict[str, Any]:
    """Lines that can be given to a member, and the ids of those chosen; for a new member, all of them."""
    lines = lines_for(session, mine)
    chosen = lines if other is None or other.role in IN_CHARGE else lines_for(session, other)
    return {"lines": lines, "chosen": {line.id for line in chosen}}
