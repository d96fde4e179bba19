"""The porting desk's orders by hand: the list, the papers, the answer form."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from provisioning.carriers import manual
from service.accounts.models import Workspace
from service.desk.models import DeskOrder
from service.desk.worklist import DeskWorklist
from service.lines.models import Line
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.time import now
from tests.factories import a_draft, sign_letters
from tests.service.web.conftest import Page

TOLL_FREE = "+18007362671"
CANADIAN = "+16045552671"


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture
def order(services, line, work, story):
    """Reference of an order with one Canadian number."""

    def send():
        with services.sessions.begin() as session:
            project = a_draft(session, session.get_one(Line, line.id), CANADIAN, account_number="77001", pin="4242")
            project_id = project.id
        work()
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project_id))
            sign_letters(session, services)
        work()
        with services.sessions() as session:
            return session.scalars(select(DeskOrder.reference)).one()

    return story.come_to(send)


@pytest.fixture
def answer(operator, order, work):
    """The desk fills in the form as it stands, and what follows happens."""

    def send(**typed):
        page = operator.get("worklist.show", reference=order)
        kept = {"csrf_token": page.kept("csrf_token"), "numbers": page.kept("numbers").strip()}
        address = operator.address("worklist.answer", reference=order)
        sent = operator.client.post(address, data=kept | typed, follow_redirects=True)
        work()
        return sent.status_code, Page(sent.text, "html.parser")

    return send


def state(services):
    with services.sessions() as session:
        return session.scalars(select(PortNumber.state)).one()


def test_moments_are_in_the_zone_of_the_desk_persons_own_workspace(operator, services, order):
    with services.sessions.begin() as session:
        session.query(Workspace).filter_by(name="operator's").one().zone = "Europe/Stockholm"
    assert operator.get("worklist.listing").says("(Central European Standard Time)")


def test_an_order_by_hand_is_in_the_list(operator, order):
    page = operator.get("worklist.listing")
    assert page.says("Alice's Bakery")
    assert page.says("To be sent")
    assert operator.open(page.select_one("main table a")["href"]).says("What the provider answered")


def test_the_list_and_its_papers_are_not_there_for_customers(alice, order):
    alice.get("worklist.listing", status=404)
    alice.get("worklist.show", reference=order, status=404)
    alice.get("worklist.paper", reference=order, paper="letter", status=404)
    alice.get("worklist.bill", reference=order, status=404)


@pytest.mark.parametrize(("paper", "title"), [("order-sheet", "Order to move"), ("letter", "Letter of authorization")])
def test_a_paper_is_downloaded_and_kept_by_nobody(operator, order, paper, title):
    answer = operator.client.get(operator.address("worklist.paper", reference=order, paper=paper))
    assert title in PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_bill_goes_with_the_papers(operator, order):
    answer = operator.client.get(operator.address("worklist.bill", reference=order))
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")


def test_a_blank_field_is_named_instead_of_a_paper(operator, order, services):
    with services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().street = ""
    page = operator.get("worklist.paper", reference=order, paper="order-sheet", status=422)
    assert page.says("street: This is blank")


def test_there_are_no_other_papers_and_no_other_orders(operator, order):
    operator.get("worklist.paper", reference=order, paper="invoice", status=404)
    operator.get("worklist.show", reference="nothing", status=404)


def test_an_answer_reaches_the_customer(answer, services):
    day = (now() + timedelta(days=9)).date().isoformat()
    _, page = answer(status="scheduled", day=day)
    assert page.says("The provider committed to a date: 1")
    assert state(services) == State.SCHEDULED


def test_a_rejection_has_its_reason(answer, services):
    answer(status="rejected", reasons="account_number")
    assert state(services) == State.ACTION_REQUIRED


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "status"),
        ({"status": "vanished"}, "status"),
        ({"status": "scheduled"}, "day"),
        ({"status": "scheduled", "day": "soon"}, "day"),
        ({"status": "rejected"}, "reasons"),
        ({"status": "rejected", "reasons": "mood"}, "reasons"),
        ({"status": "ported", "numbers": ""}, "numbers"),
        ({"status": "ported", "numbers": "12"}, "numbers"),
        ({"status": "ported", "numbers": TOLL_FREE}, "numbers"),
    ],
)
def test_half_an_answer_is_refused_beside_its_field(answer, services, typed, field):
    status, page = answer(**typed)
    assert status == 422
    assert field in page.wrong()
    assert state(services) == State.IN_REVIEW
