"""The porting desk sees what workspaces spend, pauses one, and lets it call a new country."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from service.alerts import AlertKind, alert
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.lines.models import Line
from service.porting import projects
from service.porting.models import PortProject
from service.spending.expenses import add
from service.spending.models import Destination
from service.time import now
from tests.factories import CALLER, OWN, a_draft


@pytest.fixture
def spent(services, line):
    with services.sessions.begin() as session:
        add(session, line.workspace_id, now().date(), Decimal("12.34"), "USD")  # beside $1.15 for its number
        session.add(Destination(workspace_id=line.workspace_id, country="SE"))
        return line.workspace_id


@pytest.fixture
def paused(operator, spent, work):
    work()
    operator.get("spending.show")
    return operator.submit(button="Pause")


def test_the_desk_sees_what_each_workspace_spends_a_day(operator, spent):
    page = operator.get("spending.show")
    assert page.says("$13.49")
    assert page.says("of $200.00")


def test_the_desk_lets_a_workspace_call_a_new_country(operator, services, spent):
    assert operator.get("spending.show").says("Sweden")
    operator.submit(button="Allow")
    with services.sessions() as session:
        assert session.scalars(select(Destination.allowed_at)).one()


def test_customers_see_nothing_of_it(alice):
    alice.get("spending.show", status=404)


def test_people_of_a_paused_workspace_read_what_works_and_whom_to_write_to(alice, operator, paused):
    banner = "Calls and texts to you still arrive"
    assert alice.get("home.show").says(banner)
    assert alice.page.says("hello@portline.invalid")
    assert alice.get("inbox.show").says(banner)
    operator.submit(button="Lift the pause")
    assert not alice.get("home.show").says(banner)


def test_a_paused_workspace_is_refused_texts_and_transfers(alice, services, line, paused):
    with services.sessions.begin() as session:
        here = session.get_one(Line, line.id)
        there = conversation_with(session, here, CALLER).id
        project = a_draft(session, here, OWN, pin="4242")
        project_id = project.id
    assert alice.get("inbox.read", conversation_id=there).says("Your workspace is paused")
    csrf = alice.page.select_one("[name=csrf_token]")["value"]
    text = alice.client.post(
        alice.address("answers.reply", conversation_id=there), data={"csrf_token": csrf, "text": "Hi", "seen": "0"}
    )
    assert (text.status_code, "is paused" in text.text) == (409, True)
    with services.sessions.begin() as session, pytest.raises(Conflict, match="paused"):
        projects.submit(session, services, session.get_one(PortProject, project_id))


def test_alerts_of_money_lead_to_the_page(operator, services):
    with services.sessions.begin() as session:
        alert(session, AlertKind.SPENDING_CAP_REACHED, "workspace:1")
    assert operator.get("desk.show").select_one("a[href='/desk/spending/']")
