"""Who works at the desk for one platform sees its transfers, and nothing of other workspaces."""

import csv
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from service.accounts.desk import seat
from service.accounts.models import Member, User
from service.accounts.platforms import appoint
from service.brands import PlatformWorkspace
from service.desk.cases import assign
from service.desk.comments import DeskComment, comment, desk_handles
from service.desk.log import DeskEntry
from service.desk.models import DeskCase
from service.desk.morning import owed
from service.errors import Invalid, NotFound
from service.porting.models import PortProject
from service.time import today
from tests.factories import OWN, a_draft, a_line
from tests.service.web.conftest import Page

OTHER = "+12125552009"


@pytest.fixture
def transfers(services, line, charlie, operator, work):
    """Charlie's platform opened Alice's workspace; `operator` works for it. Others have a transfer too."""
    with services.sessions.begin() as session:
        owner = session.scalars(select(User).where(User.name == "Charlie")).one()
        appoint(session, owner.email, 5)
        platform = session.scalars(select(Member.workspace_id).where(Member.user_id == owner.id)).one()
        session.add(PlatformWorkspace(workspace_id=line.workspace_id, platform_id=platform))
        theirs = a_draft(session, session.merge(line), OWN)
        others = a_draft(session, a_line(session, services), OTHER)
        seat(session, _operator(session).email, owner.email)
        names = theirs.public_id, others.public_id
    work()
    return names


def _operator(session):
    return session.scalars(select(User).where(User.roles.any())).one()


def _project(session, public_id):
    return session.scalars(select(PortProject).where(PortProject.public_id == public_id)).one()


@pytest.fixture
def sent(operator):
    def send(endpoint, *, status=200, values=(), **data):
        token = operator.get("queue.show").select_one("[name=csrf_token]")["value"]
        address = operator.address(endpoint, **dict(values))
        answer = operator.client.post(address, data={"csrf_token": token, **data}, follow_redirects=True)
        assert answer.status_code == status
        return Page(answer.text, "html.parser")

    return send


def test_the_queue_its_search_and_its_table_have_their_transfers_alone(operator, transfers):
    theirs, others = transfers
    for asked in ({}, {"q": "555"}, {"platform": "999999"}, {"q": others}):
        page = operator.get("queue.show", **asked)
        assert "(212)" not in page.text
        assert bool(page.select(f"a[href='/desk/transfers/{theirs}']")) is (asked != {"q": others})
    table = operator.client.get(operator.address("queue.download")).text
    assert [row[0] for row in csv.reader(StringIO(table.lstrip("\ufeff")))][1:] == [OWN]
    assert operator.get("desk.show").heading() == "All transfers", "the first page of the desk is the queue"


def test_acts_on_several_reach_their_transfers_alone(sent, transfers, services):
    sent("queue.act", transfer=list(transfers), plan="", next_step="Call them", next_on="")
    with services.sessions() as session:
        planned = session.scalars(select(DeskCase)).all()
        assert [one.project_id for one in planned] == [_project(session, transfers[0]).id]
    assert sent("queue.act", transfer=transfers[1], cancel="").says("Select transfers first.")


def test_every_page_of_the_desk_is_closed_but_those_of_their_transfers(app, operator, transfers):
    theirs, others = transfers
    opened = set()
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]
    assert len(rules) > 40
    for rule in rules:
        values = {name: others if name == "public_id" else 1 for name in rule.arguments}
        values |= {"paper": "letter"} if "paper" in values else {}
        values |= {"reference": "x"} if "reference" in values else {}
        if "GET" in rule.methods:
            answer = operator.client.get(operator.address(rule.endpoint, **values), follow_redirects=True)
            assert "(212)" not in answer.text, rule
            opened |= {rule.endpoint} if answer.status_code == 200 else set()
    assert opened == {"desk.show", "queue.show", "queue.download"}
    assert "(415)" in operator.get("desk_transfer.show", public_id=theirs).text


def test_no_act_reaches_a_transfer_of_others(app, operator, sent, transfers, services):
    others = transfers[1]
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "public_id" in rule.arguments and "POST" in rule.methods]
    rules = [rule for rule in rules if rule.endpoint.partition(".")[0] in {"desk_transfer", "desk_acts", "cutover"}]
    assert len(rules) > 15
    for rule in rules:
        values = {name: others if name == "public_id" else 1 for name in rule.arguments}
        said = {"comment": "x", "message": "x", "question": "x", "assignee": "0", "next_step": "x", "day": "2027-01-04"}
        status = 409 if rule.endpoint == "cutover.old_line" else 404  # that form is read before its transfer
        sent(rule.endpoint, status=status, values=values, **said)
    operator.get("cutover.show", public_id=others, status=404)
    with services.sessions() as session:
        assert not session.scalars(select(DeskEntry)).all()
        assert not session.scalars(select(DeskComment)).all()


def test_the_mail_in_the_morning_names_their_transfers_alone(services, transfers, clock):
    clock.jump(timedelta(days=9))
    with services.sessions() as session:
        found = owed(session, _operator(session).id, today(ZoneInfo("UTC")))
    assert [one.number.number for one in found.first] == [OWN]
    assert found.late == 1


def test_nobody_gets_a_transfer_or_hears_of_it_who_does_not_see_it(services, transfers):
    theirs, others = transfers
    with services.sessions.begin() as session:
        person = _operator(session)
        assign(session, [_project(session, theirs)], person.id, person.id)
        with pytest.raises(Invalid):
            assign(session, [_project(session, others)], person.id, person.id)
        [handle] = desk_handles(session, _project(session, theirs))
        assert desk_handles(session, _project(session, others)) == {}
        author = session.scalars(select(User).where(User.name == "Charlie")).one()
        assert comment(session, _project(session, others), author, f"@{handle} look") == []
        assert len(comment(session, _project(session, theirs), author, f"@{handle} look")) == 1


def test_who_worked_for_a_platform_that_is_gone_sees_nothing(services, operator, transfers):
    with services.sessions.begin() as session:
        session.execute(PlatformWorkspace.__table__.delete())
        session.flush()
    page = operator.get("queue.show")
    assert not set(transfers) & set(str(page).split("/"))


def test_they_are_bound_to_a_platform_that_there_is_and_freed_again(services, operator, transfers):
    with services.sessions.begin() as session:
        email = _operator(session).email
        with pytest.raises(NotFound, match="owns a platform"):
            seat(session, email, "alice@alice.example")
    with services.sessions.begin() as session:
        seat(session, email)
    page = str(operator.get("queue.show"))
    assert all(name in page for name in transfers)
    operator.get("desk.show")
