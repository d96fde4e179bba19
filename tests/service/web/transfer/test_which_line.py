"""To which line each number of a transfer comes."""

import pytest
from sqlalchemy import select

from service.accounts.models import Workspace
from service.calls.changing import keep
from service.calls.nodes import Greeting, Plan, RingPhones, Voicemail
from service.calls.queries import answering_on
from service.lines.inventory import lines_of
from service.lines.models import Line, Phone
from service.porting.models import PortProject
from service.porting.projects import submit
from tests.factories import OWN, a_draft

TWO = "+14155552001"
LIST = [f"+1212736{number}" for number in range(8000, 8060)]


@pytest.fixture
def drafted(services, line, work):
    """A draft with everything filled in."""

    def make(*numbers):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), *numbers)
        work()
        return project.public_id

    return make


@pytest.fixture
def second(services, bakery):
    """A second line of the bakery."""
    with services.sessions.begin() as session:
        line = Line(workspace_id=bakery.id, name="Wholesale")
        session.add(line)
    return line


@pytest.fixture
def project(services):
    """What a draft has come to."""

    def read(session, public_id):
        return session.scalars(select(PortProject).where(PortProject.public_id == public_id)).one()

    return read


def lines_chosen(services, project, public_id):
    with services.sessions() as session:
        return {one.number: "own" if one.opens_line else one.line.name for one in project(session, public_id).numbers}


def options(page, name):
    return [" ".join(option.text.replace("\u2011", "-").split()) for option in page.select(f"[id={name}] option")]


def test_one_number_for_the_only_line_is_not_asked_about_and_said_before_sending(alice, drafted):
    public_id = drafted(OWN)
    page = alice.get("bring.check", public_id=public_id)
    assert "/lines" not in page.find("a", string="Continue")["href"]
    line = alice.get("review.show", public_id=public_id).find("dt", string="Line").find_next("dd")
    assert " ".join(line.text.split()) == "Change: Line Alice's Bakery"


def test_one_number_may_replace_the_temporary_one_or_get_a_line_of_its_own(alice, drafted, services, project):
    public_id = drafted(OWN)
    page = alice.get("which_line.ask", public_id=public_id)
    first, other = options(page, "line-1")
    assert first.startswith("Alice's Bakery, in place of (415) ")
    assert other == "A new line, set up like Alice's Bakery"
    page = alice.submit(**{"line-1": "own"})
    assert lines_chosen(services, project, public_id) == {OWN: "own"}
    assert alice.get("review.show", public_id=public_id).says("a new line")


def test_where_there_are_several_lines_it_is_asked_after_the_answer_of_the_carrier(alice, drafted, second):
    page = alice.get("bring.check", public_id=drafted(OWN))
    page = alice.open(page.find("a", string="Continue")["href"])
    assert page.heading() == "Which line does this number go to?"
    assert "Wholesale" in options(page, "line-1")


def test_each_number_of_a_list_gets_its_line(alice, drafted, second, services, project):
    public_id = drafted(OWN, TWO)
    page = alice.open(alice.get("bulk_transfer.check", public_id=public_id).find("a", string="Continue")["href"])
    assert page.heading() == "Which line does each number go to?"
    alice.submit(**{"line-1": "1", "line-2": str(second.id)})
    assert alice.page.heading() == "Account holder"
    assert lines_chosen(services, project, public_id) == {OWN: "Alice's Bakery", TWO: "Wholesale"}


@pytest.mark.parametrize(("chosen", "name"), [("own", "own"), ("2", "Wholesale")])
def test_one_choice_serves_for_all_numbers_of_a_long_list(alice, drafted, second, services, project, chosen, name):
    public_id = drafted(*LIST)
    page = alice.get("which_line.ask", public_id=public_id)
    assert len(page.select("select[id^=line-]")) == 50
    assert options(page, "all")[-1] == "A new line for each, set up like Alice's Bakery"
    assert alice.submit(all=chosen).says("Saved for all numbers.")
    assert set(lines_chosen(services, project, public_id).values()) == {name}
    page = alice.open(alice.page.select_one("a[rel=next]")["href"])
    last = page.select("select[id^=line-]")[-1]["id"]
    alice.submit(**{last: "1"})
    assert lines_chosen(services, project, public_id)[LIST[-1]] == "Alice's Bakery"


def test_a_line_of_others_is_no_choice(alice, drafted, services, project, charlie):
    with services.sessions.begin() as session:
        theirs = Line(workspace_id=charlies(session), name="Theirs")
        session.add(theirs)
    public_id = drafted(OWN)
    for chosen in (str(theirs.id), "nonsense", "9" * 40):
        alice.get("which_line.ask", public_id=public_id)
        alice.submit(**{"line-1": chosen}, status=404)
    assert lines_chosen(services, project, public_id) == {OWN: "Alice's Bakery"}


def charlies(session):
    return session.scalars(select(Workspace.id).where(Workspace.name == "charlie's")).one()


def test_a_sent_transfer_keeps_its_lines(alice, drafted, services, project, bob):
    public_id = drafted(OWN)
    bob.get("which_line.ask", public_id=public_id, status=403)
    alice.get("which_line.ask", public_id=public_id)
    send(services, project, public_id)
    alice.submit(**{"line-1": "own"}, status=409)
    assert lines_chosen(services, project, public_id) == {OWN: "Alice's Bakery"}


def send(services, project, public_id):
    with services.sessions.begin() as session:
        submit(session, services, project(session, public_id))


def test_a_line_of_its_own_is_set_up_like_the_first_and_seen_by_the_same_people(
    alice, bob, drafted, services, project, bakery, line
):
    with services.sessions.begin() as session:
        here = session.merge(line)
        phone = Phone(line_id=line.id, number="+14155550177", name="Kitchen")
        session.add(phone)
        session.flush()
        nodes = {"ring": RingPhones("message", phones=(phone.id,)), "message": Voicemail(Greeting("Hello!"))}
        keep(session, here, Plan(nodes, opening="ring", closed="message"))
    public_id = drafted(OWN, TWO)
    alice.get("which_line.ask", public_id=public_id)
    alice.submit(**{"line-1": "1", "line-2": "own"})
    send(services, project, public_id)
    assert lines_chosen(services, project, public_id) == {OWN: "Alice's Bakery", TWO: "(415) 555-2001"}
    with services.sessions.begin() as session:
        _, opened = lines_of(session, bakery.id)
        answering = answering_on(session.connection(), opened.id)
    assert [(one.number, one.name) for one in answering.phones] == [("+14155550177", "Kitchen")]
    assert answering.plan.nodes["ring"].phones == (answering.phones[0].id,)
    assert answering.plan.nodes["message"] == Voicemail(Greeting("Hello!"))
    assert bob.get("line.show", line_id=opened.id).heading() == opened.name
