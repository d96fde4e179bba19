"""Pages that list things ask the database as often for many rows as for few."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import Stage
from service.accounts.access import grant
from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership, User, Workspace
from service.alerts import AlertKind, alert
from service.calls.models import CallPlan
from service.cutover.half_ports import look_for_half_ports, look_up_all_callers
from service.cutover.line_setup import freeze_line_setups
from service.cutover.models import Cutover, CutoverStep, StepName
from service.cutover.old_service import LISTED
from service.cutover.readiness import check_due_gates
from service.cutover.trials import start_due_trials
from service.desk.models import DeskNumber, DeskOrder
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Direction, Message, Outcome
from service.lines.models import Line, NumberRole, Phone, PhoneNumber, Standing
from service.lines.showing_calls import bring_numbers_up_to_date
from service.porting.cases import list_again
from service.porting.models import Attempt, CarrierOrder, Cause, PortHistory, PortNumber, PortProject
from service.porting.states import Fact, State
from service.registration.models import Registration, Subject
from service.time import now
from service.web.transfer.cutover_words import PER_PAGE
from service.web.transfer.tracking import PER_PAGE as EVENTS_PER_PAGE
from tests.factories import a_business

FEW, MANY = 4, 12


def own(place):
    return f"+1415555{3000 + place}"


def a_colleague(session, line, place):
    name = f"colleague{place}"
    user = User(email=f"{name}@bakery.example", name=name, fs_uniquifier=name)
    member = Member(user=user, workspace_id=line.workspace_id, role=Membership.MEMBER)
    session.add(member)
    session.flush()
    grant(session, member, [line.id])
    return member


def a_project(session, line, places, state):
    """A project whose numbers were filed together, each with an order and an entry in its history."""
    project = PortProject(workspace_id=line.workspace_id, line_id=line.id, street="1 Main Street")
    attempt = Attempt(project=project, sequence=1, carrier="twilio")
    session.add_all([project, attempt])
    session.flush()
    for place in places:
        order = CarrierOrder(attempt=attempt, carrier="twilio", reference=f"order-{place}")
        number = PortNumber(project=project, number=own(place), kind=NumberKind.LOCAL, state=state, order=order)
        number.attempt_id = attempt.id
        if state not in {State.DRAFT, State.WITH_LOSING_CARRIER}:
            number.committed_on = now().date()
        if state in {State.PORTED, State.LIVE}:
            number.ported_at = now() - timedelta(hours=2)
        session.add(number)
        session.flush()
        session.add(happened(number, state))
        number.due_on = now().date()
    list_again(session, [project.id])
    return project


def happened(number, state):
    return PortHistory(
        port_number_id=number.id,
        sequence=1,
        event=Fact.SENT_ON,
        cause=Cause.CARRIER,
        before=State.IN_REVIEW,
        after=state,
    )


def conversations(session, line, places):
    for place in places:
        conversation = conversation_with(session, line, own(place))
        conversation.assignee_id = a_colleague(session, line, place).user_id
        text = Message(conversation=conversation, direction=Direction.IN, number="+14155550188", text="Hello", at=now())
        session.add(text)


def calls(session, line, places):
    """Calls in and out, on the number of a line of its own, each taken or made by another of the team."""
    for place in places:
        own_line = Line(workspace_id=line.workspace_id, name=f"Line {place}")
        own_line.numbers.append(PhoneNumber(number=own(place), standing=Standing.HELD, carrier="twilio"))
        own_line.phones.append(Phone(number=own(place + 500)))
        session.add(own_line)
        session.flush()
        talk, user_id = (
            conversation_with(session, own_line, own(place + 700)),
            a_colleague(session, line, place).user_id,
        )
        taken = Call(number=own(place), outcome=Outcome.ANSWERED, answered_by_id=user_id)
        made = Call(number=own(place), outcome=Outcome.MISSED, direction=Direction.OUT, author_id=user_id)
        talk.calls += [taken, made, Call(number=own(place), outcome=Outcome.VOICEMAIL)]


def ports(session, line, places):
    for place in places:
        a_project(session, line, [place], State.WITH_LOSING_CARRIER)


def drafts(session, line, places):
    for place in places:
        a_project(session, line, [place], State.DRAFT)


def numbers(session, line, places):
    """Further numbers, each on a line of its own with a phone."""
    for place in places:
        own_line = Line(workspace_id=line.workspace_id, name=f"Line {place}")
        held = PhoneNumber(number=own(place), role=NumberRole.ADDITIONAL, standing=Standing.HELD, carrier="twilio")
        own_line.numbers.append(held)
        own_line.phones.append(Phone(number=own(place + 500)))
        session.add(own_line)


def alerts(session, line, places):
    for place in places:
        project = a_project(session, line, [place], State.SCHEDULED)
        alert(session, AlertKind.PORT_SILENT, f"port_number:{project.numbers[0].id}")
        alert(session, AlertKind.BOOKS_DIFFER, f"order:{project.numbers[0].order.id}")


def worklist(session, line, places):
    for place in places:
        project = a_project(session, line, [place], State.IN_REVIEW)
        order = DeskOrder(reference=project.numbers[0].order.reference)
        order.numbers.append(DeskNumber(number=own(place)))
        session.add(order)


def changes(session, line, places):
    for place in places:
        by = a_colleague(session, line, place).user_id
        note(session, workspace_id=line.workspace_id, user_id=by, action=Action.LINE_CHANGED, subject="Main line")


def team(session, line, places):
    for place in places:
        a_colleague(session, line, place)


LISTS = {
    "inbox.show": conversations,
    "inbox.latest": conversations,
    "call_log.show": calls,
    "call_log.latest": calls,
    "call_report.show": calls,
    "contacts.listing": conversations,
    "home.show": conversations,
    "numbers.listing": numbers,
    "forwarding.show": numbers,
    "ports.listing": ports,
    "desk.show": alerts,
    "worklist.listing": worklist,
    "queue.show": ports,
    "changes.listing": changes,
    "team.show": team,
}


def opened(queries, reader, endpoint, **values):
    """How many statements the page makes, opened a second time: what a session makes once is made."""
    reader.open(reader.address(endpoint, **values))
    with queries() as made:
        reader.open(reader.address(endpoint, **values))
    return made


def more_of(few, many):
    """Statements that were made more often for many rows."""
    return [statement for statement in {*many} if many.count(statement) > few.count(statement)]


@pytest.mark.parametrize("endpoint", LISTS)
def test_a_list_makes_as_many_queries_for_many_rows_as_for_few(endpoint, queries, services, line, alice, operator):
    reader = operator if endpoint in {"desk.show", "worklist.listing", "queue.show"} else alice
    fill = LISTS[endpoint]
    made = []
    for places in (range(FEW), range(FEW, MANY)):
        with services.sessions.begin() as session:
            fill(session, session.get_one(Line, line.id), places)
        made.append(opened(queries, reader, endpoint))
    few, many = made
    assert more_of(few, many) == []


def test_the_home_page_makes_as_many_queries_for_many_ports_and_drafts(queries, services, line, alice):
    made = []
    for places in (range(FEW), range(FEW, MANY)):
        with services.sessions.begin() as session:
            here = session.get_one(Line, line.id)
            ports(session, here, places)
            drafts(session, here, [place + 100 for place in places])
        made.append(opened(queries, alice, "home.show"))
    few, many = made
    assert more_of(few, many) == []


STAGES = (State.AWAITING_SIGNATURE, State.WITH_LOSING_CARRIER, State.SCHEDULED, State.PORTED, State.LIVE)


@pytest.mark.parametrize("endpoint", ["ports.show", "ports.progress"])
@pytest.mark.parametrize("state", STAGES)
def test_the_page_of_a_port_makes_as_many_queries_for_many_numbers_as_for_few(
    endpoint, state, queries, services, line, alice
):
    made = []
    for places in (range(FEW), range(FEW, FEW + MANY)):
        with services.sessions.begin() as session:
            public_id = a_project(session, session.get_one(Line, line.id), places, state).public_id
        made.append(opened(queries, alice, endpoint, public_id=public_id))
    few, many = made
    assert more_of(few, many) == []


@pytest.mark.parametrize("endpoint", ["cutover.show", "cutover.progress"])
@pytest.mark.parametrize("state", [State.SCHEDULED, State.ACTIVATING, State.PORTED, State.LIVE])
@pytest.mark.parametrize("taken_back", [False, True])
def test_the_cutover_page_makes_as_many_queries_for_many_numbers_as_for_few(
    endpoint, state, taken_back, queries, services, line, alice
):
    made = []
    for places in (range(FEW), range(FEW, FEW + PER_PAGE), range(FEW + PER_PAGE, FEW + 4 * PER_PAGE)):
        with services.sessions.begin() as session:
            project = a_project(session, session.get_one(Line, line.id), places, state)
            if taken_back:
                session.add_all(Cutover(port_number_id=one.id, taken_back_at=now()) for one in project.numbers)
            public_id = project.public_id
        made.append(opened(queries, alice, endpoint, public_id=public_id))
    few, a_page, many = made
    assert more_of(few, a_page) == []
    assert more_of(few, many) == []


def on_lines_of_their_own(session, project):
    """Each number comes to another line, with a phone and a call plan."""
    for number in project.numbers:
        number.chosen_line = Line(workspace_id=project.workspace_id, name=number.number)
        number.chosen_line.phones.append(Phone(number=f"+1415556{number.number[-4:]}"))
        session.flush()
        session.add(CallPlan(line_id=number.line_id, document={}))


@pytest.mark.parametrize(
    ("endpoint", "state"),
    [
        ("ports.show", State.SCHEDULED),
        ("ports.show", State.LIVE),
        ("cutover.show", State.SCHEDULED),
        ("cutover.show", State.PORTED),
        ("cutover.show", State.LIVE),
        ("which_line.ask", State.DRAFT),
        ("review.show", State.DRAFT),
    ],
)
def test_pages_of_a_port_read_as_often_for_many_lines_as_for_few(endpoint, state, queries, services, line, alice):
    made = []
    for places in (range(FEW), range(FEW, FEW + PER_PAGE)):
        with services.sessions.begin() as session:
            project = a_project(session, session.get_one(Line, line.id), places, state)
            on_lines_of_their_own(session, project)
            public_id = project.public_id
        made.append(opened(queries, alice, endpoint, public_id=public_id))
    few, many = made
    assert more_of(few, many) == []


def test_the_cutover_page_makes_as_many_queries_however_many_calls_go_astray(queries, services, line, alice):
    made = []
    for places in (range(FEW), range(FEW, FEW + 4 * PER_PAGE)):
        with services.sessions.begin() as session:
            here = session.get_one(Line, line.id)
            public_id = a_project(session, here, places, State.LIVE).public_id
            astray(session, here, places)
        made.append(opened(queries, alice, "cutover.show", public_id=public_id))
    few, many = made
    assert alice.page.says("Some networks still send calls to your old provider")
    assert more_of(few, many) == []


def astray(session, line, places):
    """The old line forwards a call from each of these numbers to the temporary one."""
    for place in places:
        caller = conversation_with(session, line, f"+1415556{3000 + place}")
        caller.last_at = now()
        call = Call(number="+14155550188", forwarded_from=own(place), outcome=Outcome.ANSWERED, at=now())
        caller.calls.append(call)


def set_up(session, project):
    """Every number of a project is primary on its line, and a test of it is due."""
    for number in project.numbers:
        session.add(Cutover(port_number_id=number.id, frozen_at=now()))
        session.add(CutoverStep(port_number_id=number.id, name=StepName.SWAP_ROLES, done_at=now() - timedelta(days=2)))
        session.add(CutoverStep(port_number_id=number.id, name=StepName.PROVE_VOICE))


def _scheduled(session):
    return session.scalars(select(PortNumber).where(PortNumber.state == State.SCHEDULED)).all()


QUEUED = "procrastinate"
"""Stands in the statements of the queue, which are made once for each number that is due."""

JOBS = {
    "freeze": (State.SCHEDULED, lambda session, _services: freeze_line_setups(session, _scheduled(session))),
    "gates": (State.SCHEDULED, lambda session, _services: check_due_gates(session)),
    "trials": (State.PORTED, start_due_trials),
    "half ports": (State.LIVE, look_for_half_ports),
}


DID = {
    "freeze": "SELECT count(*) FROM cutovers WHERE frozen_at IS NOT NULL",
    "gates": "SELECT count(*) FROM cutovers WHERE looked_at_gate <> ''",
    "trials": "SELECT count(*) FROM cutovers WHERE trials > 0",
    "half ports": "SELECT count(*) FROM procrastinate_jobs",
}


@pytest.mark.parametrize("job", JOBS)
def test_what_is_done_for_many_numbers_at_once_reads_as_often_as_for_few(job, queries, services, line, clock):
    state, run = JOBS[job]
    clock.jump(timedelta(days=1) - timedelta(hours=now().hour - 18))
    made = []
    for places in (range(FEW), range(FEW, FEW + MANY)):
        with services.sessions.begin() as session:
            project = a_project(session, session.get_one(Line, line.id), places, state)
            for number in project.numbers:
                number.committed_on = (now() + timedelta(days=1)).date()
            if state is not State.SCHEDULED:
                set_up(session, project)
                astray(session, project.line, places)
        with services.sessions.begin() as session, queries() as read:
            run(session, services)
        with services.sessions() as session:
            assert session.connection().exec_driver_sql(DID[job]).scalar(), "there was something to do"
        made.append([statement for statement in read if QUEUED not in statement])
    few, many = made
    assert more_of(few, many) == []


def test_numbers_that_show_their_business_are_read_at_once_for_many_businesses_as_for_few(queries, services):
    made = []
    for places in (range(FEW), range(FEW, FEW + MANY)):
        with services.sessions.begin() as session:
            for place in places:
                an_approved_business(session, place)
        with services.sessions.begin() as session, queries() as read:
            bring_numbers_up_to_date(session)
        with services.sessions() as session:
            queued = session.connection().exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar()
        assert queued == places.stop
        made.append([statement for statement in read if QUEUED not in statement])
    few, many = made
    assert more_of(few, many) == []


def an_approved_business(session, place):
    """A business with a number that has not joined its caller name."""
    workspace = Workspace(name=f"Business {place}")
    session.add(workspace)
    session.flush()
    business = a_business(session, workspace.id)
    about = {"subject": Subject.CALLER_NAME, "stage": Stage.APPROVED, "carrier": "twilio", "tag": f"name-{place}"}
    session.add(Registration(business=business, reference=f"BU{place}", **about))
    number = PhoneNumber(number=own(place), standing=Standing.HELD, carrier="twilio", reference=f"PN{place}")
    session.add(Line(workspace_id=workspace.id, name="Main line", numbers=[number]))


def test_the_callers_of_all_numbers_are_looked_up_in_one_job(services, line):
    with services.sessions.begin() as session:
        project = a_project(session, session.get_one(Line, line.id), range(FEW), State.LIVE)
        astray(session, project.line, range(FEW))
        ids = [number.id for number in project.numbers]
    with services.sessions.begin() as session:
        look_for_half_ports(session, services)
    with services.sessions() as session:
        queued = session.connection().exec_driver_sql("SELECT task_name, args FROM procrastinate_jobs").all()
    assert queued == [(look_up_all_callers.name, {"port_number_ids": ids})]


def test_the_numbers_that_still_need_the_old_service_are_listed_up_to_a_limit(services, line, alice):
    with services.sessions.begin() as session:
        here = session.get_one(Line, line.id)
        public_id = a_project(session, here, range(LISTED + 3), State.PORTED).public_id
    page = alice.get("cutover.show", public_id=public_id)
    listed = [row.text for row in page.select("#needed li")]
    assert len(listed) == LISTED + 1
    assert all("still to check" in row for row in listed[:-1])
    assert listed[-1] == "and 3 more"


def test_the_numbers_of_a_cutover_are_on_pages(services, line, alice):
    with services.sessions.begin() as session:
        places = range(2 * PER_PAGE + 1)
        public_id = a_project(session, session.get_one(Line, line.id), places, State.SCHEDULED).public_id
    page = alice.get("cutover.show", public_id=public_id)
    seen = [number.text for number in page.select(".number-row-number")]
    assert page.says("Numbers 1 to 10 of 21")
    assert not page.select("a[rel=prev]")
    while following := page.select_one("a[rel=next]"):
        page = alice.open(following["href"])
        seen += [number.text for number in page.select(".number-row-number")]
    assert page.says("Numbers 21 to 21 of 21")
    assert len(set(seen)) == len(seen) == 2 * PER_PAGE + 1
    assert page.select_one("[data-refresh]")["data-refresh"].endswith("page=3")
    alice.submit(forwards="nowhere", serves="nothing")
    assert alice.page.says("Numbers 21 to 21 of 21"), "back on the page of the number"


def test_the_history_of_a_port_is_on_pages(services, line, alice):
    with services.sessions.begin() as session:
        project = a_project(session, session.get_one(Line, line.id), range(2), State.IN_REVIEW)
        for place in range(3, EVENTS_PER_PAGE + 8):
            row = happened(project.numbers[place % 2], State.IN_REVIEW)
            row.sequence, row.at = place, now() - timedelta(days=1) + timedelta(minutes=place)
            session.add(row)
            session.flush()
        public_id = project.public_id
    page = alice.get("ports.show", public_id=public_id)
    assert len(page.select(".story li")) == EVENTS_PER_PAGE
    page = alice.open(page.select_one("a[rel=next]")["href"])
    rest = page.select(".story li")
    assert "and 1 more" in rest[-1].text, "what happened to both within a minute is one event"
    assert len(rest) == 6
    assert not page.select("a[rel=next]")
    assert not page.select("[data-refresh]"), "an older page stays as it is"


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "none"])
def test_a_page_that_is_not_there_is_the_nearest(page, services, line, alice):
    with services.sessions.begin() as session:
        public_id = a_project(session, session.get_one(Line, line.id), range(3), State.SCHEDULED).public_id
    assert len(alice.get("cutover.show", public_id=public_id, page=page).select(".number-row-number")) == 3
