"""Programs change what happens when a line rings, as people do on its page."""

import pytest
from sqlalchemy import select, update

from service.accounts.change_log import Action, Change
from service.accounts.models import Member, Membership
from service.calls.changing import block
from service.calls.models import CallPlan
from service.lines.models import Phone
from tests.factories import CALLER

OUTSIDE = "+12125550142"


@pytest.fixture
def path(line):
    return f"/lines/{line.id}/call-plan"


@pytest.fixture
def change(program, path):
    """Change the plan as it is now."""

    def change(status=200, **sent):
        tag = {"If-Match": program.get(path).headers["ETag"]}
        return program("PATCH", path, json=sent, headers=tag, status=status)

    return change


@pytest.fixture
def refused(change):
    """What is said of each wrong value."""

    def refused(**sent):
        answer = change(422, **sent)
        return {one["at"]: one["detail"] for one in answer.json["errors"]}

    return refused


def test_a_menu_is_what_the_page_shows(program, change, path, alice, line):
    plan = program.get(path).json
    menu = {"kind": "menu", "keys": {"1": "ring"}, "otherwise": "message", "greeting": {"text": "Bread? Press one."}}
    changed = change(nodes=plan["nodes"] | {"menu": menu}, opening="menu").json
    assert changed == plan | {"nodes": plan["nodes"] | {"menu": menu}, "opening": "menu"}
    assert program.get(path).json == changed
    assert alice.get("line.show", line_id=line.id).says("Bread? Press one.")


def test_what_is_answered_can_be_sent_back(program, change, path):
    before = program.get(path).json
    assert change(**before).json == before


def test_hours_are_set_and_cleared(program, change, path):
    nine_to_five = [[{"opens": 540, "closes": 1020}]] * 5 + [[], []]
    hours = {"zone": "America/New_York", "week": nine_to_five, "holidays": "US", "closed_on": ["2026-12-24"]}
    assert change(hours=hours).json["hours"] == hours
    assert change(recorded=False).json["hours"] == hours, "what is left out stays"
    assert change(hours=None).json["hours"] is None


def test_calls_are_forwarded_and_no_longer(change):
    assert change(forwarding={"number": OUTSIDE}).json["forwarding"] == {"number": OUTSIDE}
    assert change(forwarding=None).json["forwarding"] is None


def test_a_change_is_put_back_and_logged(program, change, path, services):
    before = program.get(path).json
    change(hidden="turn_away")
    assert program("POST", f"{path}/put-back").json == before
    with services.sessions() as session:
        done = session.scalars(select(Change.action).order_by(Change.id)).all()
    assert done[-2:] == [Action.CALL_PLAN_CHANGED, Action.CALL_PLAN_PUT_BACK]


def test_a_plan_that_was_never_changed_has_none_before(program, path):
    program.refused("POST", f"{path}/put-back", "conflict", 409)


def test_whose_plan_was_changed_meanwhile_changes_nothing(program, path, services, line):
    tag = {"If-Match": program.get(path).headers["ETag"]}
    with services.sessions.begin() as session:
        block(session, session.merge(line), CALLER)
    program.refused("PATCH", path, "changed_meanwhile", 412, json={"blocked": []}, headers=tag)
    program.refused("PATCH", path, "if_match_required", 428, json={"blocked": []})
    assert program.get(path).json["blocked"] == [CALLER]


def test_a_wrong_step_is_refused_where_it_stands(program, refused, path, services):
    nodes = program.get(path).json["nodes"]
    assert refused(opening="away") == {"/opening": "Choose what happens then."}
    assert "/nodes/ring/then" in refused(nodes=nodes | {"ring": {"kind": "ringphones", "then": "away"}})
    assert "/nodes/ring/phones" in refused(nodes=nodes | {"ring": nodes["ring"] | {"phones": [99]}})
    menu = {"kind": "menu", "keys": {"1": "away"}, "otherwise": "message"}
    assert list(refused(nodes=nodes | {"menu": menu})) == ["/nodes/menu/keys/1"]
    with services.sessions() as session:
        assert session.scalars(select(CallPlan)).all() == []


def test_a_ring_that_only_rings_a_browser_is_refused(program, refused, path, services, line):
    with services.sessions.begin() as session:
        session.add(phone := Phone(line_id=line.id, number="browser:1", name=""))
        session.flush()
        only = [phone.id]
    nodes = program.get(path).json["nodes"]
    said = refused(nodes=nodes | {"ring": nodes["ring"] | {"phones": only}})
    assert said == {
        "/nodes/ring/phones": "Add a mobile or landline too. A browser doesn’t ring while its computer is closed."
    }


@pytest.mark.parametrize(
    ("step", "at"),
    [
        ({"kind": "fax"}, "kind"),
        ({"kind": "voicemail", "number": OUTSIDE}, "number"),
        ({"kind": "forward", "then": "message"}, "number"),
        ({"kind": "forward", "then": "message", "number": "12"}, "number"),
        ({"kind": "directory", "otherwise": "message", "seconds": 3600}, "seconds"),
        ({"kind": "goodbye", "greeting": {"text": "x" * 501}}, "greeting"),
        ({"kind": "ringphones", "then": "Not a name"}, "then"),
    ],
)
def test_what_no_page_would_take_is_refused(program, refused, path, step, at):
    said = refused(nodes=program.get(path).json["nodes"] | {"odd": step})
    assert [place for place in said if at in place], said


def test_calls_are_forwarded_neither_in_a_circle_nor_to_an_expensive_place(program, refused):
    mine = program.get("/numbers").json["data"][0]["number"]
    assert "go round in circles" in refused(forwarding={"number": mine})["/forwarding"]
    assert list(refused(forwarding={"number": "+46701740605"})) == ["/forwarding"]


def test_only_those_in_charge_change_it(program, path, services):
    tag = {"If-Match": program.get(path).headers["ETag"]}
    with services.sessions.begin() as session:
        session.execute(update(Member).values(role=Membership.MEMBER))
    program.refused("PATCH", path, "forbidden", 403, json={"blocked": []}, headers=tag)
    program.refused("POST", f"{path}/put-back", "forbidden", 403)
