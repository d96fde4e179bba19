"""The page of all transfers, where the desk filters, searches and acts on several."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from service.carrier_choice import Why
from service.lines.models import Line
from service.porting.cases import list_again
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from tests.factories import OWN, a_draft
from tests.service.web.conftest import Page

OTHER = "+14155552009"


@pytest.fixture
def drafts(services, line, work):
    """Two drafts of Alice's, each with one number."""
    with services.sessions.begin() as session:
        made = [a_draft(session, session.merge(line), number) for number in (OWN, OTHER)]
        names = [project.public_id for project in made]
    work()
    return names


@pytest.fixture
def sent(operator):
    """Send a form of the queue as the desk."""

    def send(endpoint, _values=(), **data):
        page = operator.get("queue.show")
        token = page.select_one("[name=csrf_token]")["value"]
        address = operator.address(endpoint, **dict(_values))
        answer = operator.client.post(address, data={"csrf_token": token, **data}, follow_redirects=True)
        assert answer.status_code == 200
        return Page(answer.text, "html.parser")

    return send


def rows_of(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]


def test_a_transfer_stands_with_its_target_its_next_step_and_who_has_it(operator, drafts, clock):
    assert operator.get("desk.show").select_one("a[href='/desk/transfers/']")
    first, _ = rows_of(operator.get("queue.show"))
    for words in ("(415)", "Draft", "since today", "Due in 2 days", "Remind the customer to send it", "No one"):
        assert words in first.replace("\xa0", " ").replace("\u2011", "-"), words
    clock.jump(timedelta(days=4))
    page = operator.get("queue.show")
    assert "2 days late" in rows_of(page)[0]
    assert page.select_one(".tag-expired")
    assert page.says("Late 2")


def test_a_transfer_says_why_other_carriers_were_passed_over(operator, drafts, services):
    with services.sessions.begin() as session:
        number = session.scalars(select(PortNumber).where(PortNumber.number == OWN)).one()
        number.passed_over = {"first": Why.COUNTRY, "second": Why.SILENT}
    page = operator.get("queue.show")
    assert page.says("Not first: it doesn’t transfer numbers from this country. Not second: it didn’t answer.")


def test_the_queue_is_not_there_for_customers(alice, drafts):
    alice.get("queue.show", status=404)
    alice.get("queue.download", status=404)
    for endpoint in ("queue.act", "queue.save_view"):
        assert alice.client.post(alice.address(endpoint)).status_code in {400, 404}


def test_it_is_searched_and_filtered_and_a_strange_filter_does_nothing(operator, drafts):
    assert len(rows_of(operator.get("queue.show", q="555-2009"))) == 1
    assert operator.get("queue.show", state="in_review").says("None.")
    assert len(rows_of(operator.get("queue.show", state="no such", days="many", who="x", due="?", after="x.y"))) == 2


def test_selected_transfers_are_assigned_and_planned(operator, drafts, sent):
    page = operator.get("queue.show", all=1)
    assert len(page.select("input[type=checkbox][checked]")) == 2
    me = page.select_one("#assignee option[selected]")["value"]
    page = sent("queue.act", transfer=drafts, assign="yes", assignee=me)
    assert page.says("2 transfers assigned.")
    assert all("Operator" in row for row in rows_of(page))
    page = sent("queue.act", transfer=drafts[:1], plan="yes", next_step="Call Alice", next_on="2026-03-05")
    assert page.says("1 transfer changed.")
    assert "Call Alice Thursday, March 5" in " ".join(rows_of(page))
    assert len(rows_of(operator.get("queue.show", who=me))) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Select transfers first."),
        ({"transfer": "x"}, "Select transfers first."),
        ({"assign": "yes", "assignee": "777"}, "Choose one of these."),
        ({"plan": "yes", "next_on": "soon"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_done_is_told_in_red(drafts, sent, typed, told):
    chosen = {"transfer": drafts} if "assign" in typed or "plan" in typed else {}
    page = sent("queue.act", **{**chosen, **typed})
    assert page.select_one(".notice-bad").text.strip() == told


def test_selected_transfers_are_canceled_but_not_what_has_ended(drafts, sent, services):
    assert sent("queue.act", transfer=drafts[:1], cancel="yes").says("1 transfer is being canceled.")
    page = sent("queue.act", transfer=drafts, cancel="yes")
    assert page.says("1 transfer is being canceled.")
    assert page.says("There’s nothing left to cancel.")
    with services.sessions() as session:
        states = {number.state for one in session.query(PortProject) for number in one.numbers}
    assert states == {State.CANCELED}
    assert page.says("None.")


def test_the_table_to_download_has_what_the_filters_let_through(operator, drafts):
    answer = operator.client.get(operator.address("queue.download", q="555-2009"))
    head, row = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    told = dict(zip(head, row, strict=True))
    assert (told["Number"], told["Where it is"], told["Due"]) == (OTHER, "Draft", "2026-03-04")
    assert told["Customer"] == "Alice's Bakery"


def test_since_when_it_is_so_is_a_day_at_the_number(operator, drafts, services):
    with services.sessions.begin() as session:
        number = session.scalar(select(PortNumber).where(PortNumber.number == OTHER))
        number.since = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)  # Wednesday evening in San Francisco
        session.flush()
        list_again(session, [number.project_id])
    answer = operator.client.get(operator.address("queue.download", q="555-2009"))
    head, row = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    assert dict(zip(head, row, strict=True))["Since"] == "2026-03-04"


def test_filters_are_saved_as_a_view_and_removed(operator, drafts, sent):
    page = sent("queue.save_view", {"state": "draft"}.items(), name="Drafts")
    assert operator.open(page.select_one(".chips a")["href"]).select_one("#state [selected]")["value"] == "draft"
    assert sent("queue.save_view", name=" ").select_one(".notice-bad").text.strip() == "Enter a name."
    operator.get("queue.show")
    operator.submit(button="Remove")
    assert not operator.page.select(".chips")


def test_a_transfer_of_many_numbers_is_one_row(operator, services, line, work):
    with services.sessions.begin() as session:
        a_draft(session, session.get_one(Line, line.id), *(f"+1415555{2000 + one}" for one in range(30)))
    work()
    [row] = rows_of(operator.get("queue.show"))
    assert "and 29 more" in row
