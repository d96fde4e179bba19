"""A port is filed once it is shown whose the number is: by a code sent to it, or by our porting desk."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from provisioning.carriers import manual
from service.accounts.models import Workspace
from service.alerts import Alert, AlertKind
from service.desk.worklist import DeskWorklist
from service.lines.inventory import lines_of, open_line
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.number_codes import A_NUMBER, A_WORKSPACE, LIFE, TRIES, NumberCode, forget_number_codes
from service.porting.states import State
from service.time import real_time
from tests.factories import OWN, a_draft

AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
CANADIAN = "+16045552671"
TWO = "+14155552001"
LANDLINE = "+14155553006"
"""Takes no texts."""


@pytest.fixture
def carriers(carriers, sessions):
    desk = manual.build({}, worklist=DeskWorklist(sessions))
    return carriers | {desk.name: desk}


@pytest.fixture
def draft(services, line, work):
    """A finished draft, of which nobody has shown that the number is theirs."""

    def begin(*numbers, on=line):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(on), *(numbers or [OWN]))
            for number in project.numbers:
                number.confirmed_at = None
            public_id = project.public_id
        work()
        return public_id

    return begin


@pytest.fixture
def review(alice, draft):
    """Alice at the review of her draft."""
    public_id = draft()
    alice.get("review.show", public_id=public_id)
    return alice


@pytest.fixture
def texted(world, work, clock):
    """The code in the latest text to a number that is to be moved."""

    def texted(number=OWN):
        work()
        clock.jump(timedelta(seconds=10))
        work()
        return re.match(r"\d{6}", world.phone(number).texts[-1].body).group()

    return texted


@pytest.fixture
def other_line(services, charlie, work):
    """The line of Charlie, who has another business."""
    charlie.get("home.show")
    with services.sessions.begin() as session:
        workspace = session.scalars(select(Workspace).where(Workspace.name == "charlie's")).one()
        words = {"name": "Charlie's", "country": "US", "language": workspace.language, "area": "212"}
        open_line(session, services, workspace_id=workspace.id, **words)
    work()
    with services.sessions() as session:
        return lines_of(session, workspace.id)[0]


def state(services):
    with services.sessions() as session:
        return session.scalars(select(PortNumber.state)).all()


def enter(person, public_id, code):
    """The review after a code was sent that its page did not ask for."""
    token = person.get("review.show", public_id=public_id).select_one("main [name=csrf_token]")["value"]
    sent = {"csrf_token": token, "code": code}
    person.client.post(person.address("number_code.enter", public_id=public_id), data=sent)
    return person.get("review.show", public_id=public_id)


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_nothing_is_filed_before_it_is_shown_whose_the_number_is(review, services):
    assert review.page.says("Show that the number is yours with a code we send to it.")
    assert review.page.select_one("main button.btn-primary[disabled]")
    review.submit(**AGREED, status=422)
    assert state(services) == [State.DRAFT]


def test_a_code_by_text_to_the_number_itself_shows_it(review, texted, services):
    review.submit(way="text")
    assert review.page.says("We texted a code to (415) 555‑2000.")
    review.submit(code=texted())
    assert review.page.says("You’ve shown it’s yours.")
    assert review.submit(**AGREED).heading() == "We’re sending your request"
    assert state(services) == [State.SUBMITTING]


def test_a_code_by_call_is_said_three_times(review, work, world):
    review.submit(way="call")
    work()
    (call,) = [one for one in world.state.calls.values() if one.to == OWN]
    said = re.findall(r"\d, \d, \d, \d, \d, \d", " ".join(call.transcript))
    assert len(said) == 3
    assert len(set(said)) == 1
    review.submit(code=said[0].replace(", ", ""))
    assert review.page.says("You’ve shown it’s yours.")


def test_the_text_says_to_pass_the_code_to_nobody_and_no_row_or_job_holds_it(review, texted, world, services):
    review.submit(way="text")
    code = texted()
    assert "Share it with no one" in world.phone(OWN).texts[-1].body
    with services.sessions() as session:
        kept = (
            "SELECT args::text FROM procrastinate_jobs UNION ALL SELECT to_json(number_codes)::text FROM number_codes"
        )
        rows = session.connection().exec_driver_sql(kept)
        assert not [row for (row,) in rows if code in row]


def test_a_wrong_code_is_refused_and_after_five_the_right_one_too(review, texted):
    review.submit(way="text")
    code = texted()
    for _ in range(TRIES):
        review.submit(code=another(code))
        assert review.page.says("That code doesn’t match or has expired.")
    review.submit(code=code)
    assert not review.page.says("You’ve shown it’s yours.")


def test_a_code_is_good_for_ten_minutes(review, texted, services):
    review.submit(way="text")
    code = texted()
    with services.sessions.begin() as session:
        session.execute(update(NumberCode).values(asked_at=real_time() - LIFE))
    assert not enter(review, review.path.split("/")[2], code).says("You’ve shown it’s yours.")


def test_a_code_shows_nothing_in_another_workspace(review, texted, draft, other_line, charlie):
    review.submit(way="text")
    code = texted()
    theirs = draft(on=other_line)
    assert not enter(charlie, theirs, code).says("You’ve shown it’s yours.")


def test_a_number_gets_a_few_codes_a_day_whoever_asks(review, texted, world):
    for _ in range(A_NUMBER):
        review.submit(way="text")
    assert review.submit(way="text").says("We’ve sent several codes to this number today.")
    texted()
    assert len(world.phone(OWN).texts) == A_NUMBER


def test_a_workspace_gets_ten_codes_a_day(review, services):
    with services.sessions.begin() as session:
        here = session.scalars(select(PortProject)).one()
        code = {"workspace_id": here.workspace_id, "way": "text", "language": here.language}
        for last in range(A_WORKSPACE):
            session.add(NumberCode(number=f"+1415555300{last}", asked_at=real_time(), **code))
    assert review.submit(way="text").says("You’ve asked for several codes today.")


def test_a_text_that_does_not_arrive_is_told_and_a_call_proposed(alice, draft, work, clock):
    public_id = draft(LANDLINE)
    alice.get("review.show", public_id=public_id)
    alice.submit(way="text")
    work()
    clock.jump(timedelta(seconds=10))
    work()
    page = alice.get("review.show", public_id=public_id)
    assert page.says("The code didn’t reach (415) 555‑3006. Try the other way.")


def test_codes_are_forgotten_after_a_month(review, services):
    review.submit(way="text")
    with services.sessions.begin() as session:
        forget_number_codes(session)
        assert session.query(NumberCode).count() == 1
        session.execute(update(NumberCode).values(asked_at=real_time() - timedelta(days=30)))
        forget_number_codes(session)
        assert session.query(NumberCode).count() == 0


def test_one_number_of_an_account_speaks_for_all(alice, draft, texted, services):
    alice.get("review.show", public_id=draft(OWN, TWO))
    assert alice.page.says("One number is enough")
    alice.submit(way="text", number=alice.page.select("#number option")[1]["value"])
    alice.submit(code=texted(TWO))
    alice.submit(**AGREED)
    assert set(state(services)) == {State.SUBMITTING}


def test_no_code_goes_to_a_number_that_is_not_in_the_draft(review, services, draft, other_line):
    draft(TWO, on=other_line)
    with services.sessions() as session:
        theirs = session.scalars(select(PortNumber.id).where(PortNumber.number == TWO)).one()
    review.submit(way="text", number=str(theirs), status=404)


def test_where_our_desk_files_by_hand_the_papers_show_it(alice, draft):
    page = alice.get("review.show", public_id=draft(CANADIAN))
    assert page.says("sees from your bill that it’s yours")
    assert not page.select("[name=way]")


def test_papers_of_one_number_show_nothing_of_another(alice, draft):
    assert alice.get("review.show", public_id=draft(CANADIAN, OWN)).select("[name=way]")


def test_a_member_has_no_code_sent_and_files_nothing(bob, draft):
    public_id = draft()
    token = bob.get("team.show").select_one("main [name=csrf_token]")["value"]
    sent = {"csrf_token": token, "number": "1", "way": "text", "code": "123456", **AGREED}
    for endpoint in ("number_code.ask", "number_code.enter", "number_code.hand_over", "review.send"):
        assert bob.client.post(bob.address(endpoint, public_id=public_id), data=sent).status_code == 403, endpoint


@pytest.mark.parametrize(("found", "word"), [("true", "can send"), ("false", "couldn’t confirm")])
def test_a_number_that_takes_no_code_is_looked_at_by_our_desk(review, operator, mailbox, work, found, word, services):
    assert review.submit(button="Ask our transfer desk to check").says("and emails alice@bakery.example")
    assert review.page.select_one("main button.btn-primary[disabled]")
    operator.open(operator.get("desk.show").select_one("a[href^='/desk/claims/']")["href"])
    assert operator.page.says("no code entered")
    operator.submit(vouched=found)
    work()
    assert word in mailbox.to("alice@bakery.example")[-1].text
    review.get("review.show", public_id=review.path.split("/")[2])
    vouched = found == "true"
    assert review.page.says("You’ve shown it’s yours.") is vouched
    review.submit(**AGREED, status=200 if vouched else 422)
    assert state(services) == [State.SUBMITTING if vouched else State.DRAFT]


@pytest.fixture
def claimed_twice(services, draft, other_line, charlie, review, texted):
    """Charlie's port of the number is under way, and Alice has shown that she has it."""
    theirs = draft(on=other_line)
    with services.sessions.begin() as session:
        project = session.scalars(select(PortProject).where(PortProject.public_id == theirs)).one()
        project.vouched_at = project.made_at
        projects.submit(session, services, project)
    review.submit(way="text")
    review.submit(code=texted())
    return theirs


def test_a_second_port_of_a_number_goes_to_the_desk_with_both_stories(claimed_twice, review, operator):
    page = review.submit(**AGREED)
    assert page.says("Our transfer desk checks this number first and emails you.")
    operator.open(operator.get("desk.show").select_one("a[href^='/desk/claims/']")["href"])
    assert operator.page.says("Two customers want to transfer the same number.")
    assert operator.page.says("Alice's Bakery")
    assert operator.page.says("charlie's")
    assert operator.page.says("code entered on")


def test_neither_hears_of_the_other(claimed_twice, review, charlie, mailbox, work):
    said = review.submit(**AGREED).text + charlie.get("ports.show", public_id=claimed_twice).text
    work()
    said += "".join(mail.text for mail in mailbox.mails)
    assert "another customer" not in said
    assert "charlie" not in review.page.text.lower()
    assert "already being transferred" not in said


def test_once_the_first_has_ended_the_second_is_sent(claimed_twice, review, operator, services, work):
    review.submit(**AGREED)
    with services.sessions.begin() as session:
        first = session.scalars(select(PortNumber).where(PortNumber.state != State.DRAFT)).one()
        first.state = State.CANCELED
    operator.open(operator.get("desk.show").select_one("a[href^='/desk/claims/']")["href"])
    operator.submit(vouched="true")
    review.get("review.show", public_id=review.path.split("/")[2])
    assert review.submit(**AGREED).heading() == "We’re sending your request"


def test_the_pages_of_the_desk_are_not_there_for_customers(alice, draft, services):
    public_id = draft()
    for endpoint in ("claims.show", "claims.bill"):
        alice.get(endpoint, public_id=public_id, status=404)


def test_the_desk_sees_the_bill(operator, draft):
    answer = operator.client.get(operator.address("claims.bill", public_id=draft()))
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_what_nobody_asked_the_desk_is_not_decided(operator, draft, services):
    public_id = draft()
    token = operator.get("claims.show", public_id=public_id).select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "vouched": "true"}
    answer = operator.client.post(operator.address("claims.answer", public_id=public_id), data=sent)
    assert answer.status_code == 409
    with services.sessions() as session:
        assert session.scalars(select(Alert).where(Alert.kind == AlertKind.NUMBER_CLAIMED)).all() == []
