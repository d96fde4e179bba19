"""Ports worked by hand: the desk sends the documents and enters the old operator's answers."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from provisioning.contract.porting import NumberKind, PortStatus, ReasonCode, Verdict
from service.desk.models import DeskOrder
from service.desk.operator_answers import Answer, write_answer
from service.desk.papers import letter_pdf, order_sheet
from service.desk.queries import filing_for_papers, open_cases
from service.errors import Conflict, Invalid
from service.lines.models import NumberRole
from service.notifications.models import NoticeKind
from service.porting import details, projects
from service.porting.models import Attempt, PortNumber, PortProject
from service.porting.states import State
from service.schedule.prune import wipe_secrets
from tests.journeys.journey import SigningJourney

TOLL_FREE = "+18007362671"
CANADIAN = "+16045552671"
SWEDISH = "+46850012345"
SWEDISH_CALLS_ONLY = "+46850014212"
AMERICAN = "+12125552000"
GERMAN = "+4930123456"


@pytest.fixture
def journey(services, world, clock, work, story):
    return SigningJourney(services, world, clock, work, story)


@pytest.fixture
def carriers(carriers, by_hand):
    return carriers | {by_hand.name: by_hand}


@pytest.fixture
def desk(journey):
    """Our staff, who write down what the old operator answered about numbers of the newest order with them."""

    def answer(status, *numbers, **more):
        with journey.services.sessions.begin() as session:
            orders = session.scalars(select(DeskOrder).order_by(DeskOrder.id.desc()))
            order = next(one for one in orders if {number.number for number in one.numbers} >= set(numbers))
            write_answer(session, journey.services, order, Answer(status, numbers, **more))
        journey.work()

    return answer


def appear(journey, number):
    """The number shows in the home carrier's account, as it does when a port by hand has come through."""
    journey.world.inventory.appear(number, journey.world.exchange.account_sid, journey.clock.now())


def in_days(journey, days):
    return (journey.clock.now() + timedelta(days=days)).date()


def come_in(journey, desk, number):
    """What is filed by hand goes from desk to desk until it is here."""
    assert journey.state() == State.IN_REVIEW
    desk(PortStatus.AWAITING_SIGNATURE, number)
    assert journey.state() == State.AWAITING_SIGNATURE
    desk(PortStatus.WITH_LOSING_CARRIER, number)
    desk(PortStatus.SCHEDULED, number, day=in_days(journey, 7))
    assert journey.state() == State.SCHEDULED
    journey.pass_time(timedelta(days=5, hours=3))
    journey.pass_time(timedelta(days=2))
    assert journey.state() == State.ACTIVATING

    appear(journey, number)
    desk(PortStatus.PORTED, number)
    assert journey.state() == State.PORTED


@pytest.mark.parametrize("number", [TOLL_FREE, CANADIAN])
def test_a_number_is_brought_in_by_hand_to_the_end(journey, desk, world, number):
    temporary = journey.sign_up()
    journey.file(number, account_number="1000200030")
    come_in(journey, desk, number)
    roles = {worn.number: worn.role for worn in journey.numbers()}
    assert roles == {temporary: NumberRole.RETIRING, number: NumberRole.PRIMARY}
    if number == TOLL_FREE:
        journey.prove(number)
        assert journey.state() == State.PORTED
        world.registry.verify_toll_free(number, "TWILIO_APPROVED")
        journey.pass_time(timedelta(minutes=5), steps=3)
    else:
        journey.prove(number)
    assert journey.state() == State.LIVE
    assert journey.told() == [
        NoticeKind.SUBMITTED,
        NoticeKind.SIGNATURE_WANTED,
        NoticeKind.DATE_SET,
        NoticeKind.TWO_DAYS_BEFORE,
        NoticeKind.NOT_READY,
        NoticeKind.MORNING_OF,
        NoticeKind.ARRIVED,
        NoticeKind.TEXTS_ARRIVED,
        NoticeKind.DONE,
    ]


def test_a_swedish_number_that_carries_no_texts_is_done_when_its_calls_are_proven(journey, desk):
    journey.sign_up()
    journey.file(SWEDISH_CALLS_ONLY, region="", subscriber_id="5560360793")
    come_in(journey, desk, SWEDISH_CALLS_ONLY)
    journey.prove(SWEDISH_CALLS_ONLY, texts=False)
    assert journey.state() == State.LIVE
    assert journey.told()[-2:] == [NoticeKind.ARRIVED, NoticeKind.DONE]


def test_a_swedish_number_wants_the_holders_number_and_no_state_and_gets_swedish_papers(journey):
    journey.sign_up()
    journey.draft(SWEDISH, region="")
    with pytest.raises(Invalid) as refusal:
        journey.ask(projects.submit)
    assert list(refusal.value.fields) == ["subscriber_id"]

    journey.ask(lambda session, _, project: details.revise(session, project, {"subscriber_id": "5560360793"}))
    journey.ask(projects.submit)
    journey.sign_letters()
    with journey.services.sessions() as session:
        filing = filing_for_papers(session, session.scalars(select(DeskOrder)).one())
    text = PdfReader(BytesIO(letter_pdf(filing))).pages[0].extract_text()
    assert "Fullmakt" in text
    assert "5560360793" in text


def test_the_papers_carry_the_pin_on_the_order_sheet_only_and_no_row_has_it_in_clear(journey):
    journey.sign_up()
    journey.file(CANADIAN, pin="86753091", account_number="77001")
    with journey.services.sessions() as session:
        filing = filing_for_papers(session, session.scalars(select(DeskOrder)).one())
        assert "86753091" not in repr(filing)
        assert "86753091" not in str(session.scalars(select(Attempt)).one().sent)
    assert "86753091" in PdfReader(BytesIO(order_sheet(filing))).pages[0].extract_text()
    assert "86753091" not in PdfReader(BytesIO(letter_pdf(filing))).pages[0].extract_text()


def test_a_number_that_nobody_ports_is_refused_with_the_first_answer(journey):
    journey.sign_up()
    journey.draft(GERMAN)
    with journey.services.sessions() as session:
        assert session.scalar(select(PortNumber.verdict)) is Verdict.NO
    with pytest.raises(Invalid):
        journey.ask(projects.submit)


def test_numbers_of_one_project_go_to_the_carriers_that_port_them(journey):
    journey.sign_up()
    journey.file(AMERICAN, TOLL_FREE, CANADIAN)
    with journey.services.sessions() as session:
        filed = {tuple(attempt.sent["numbers"]): attempt.carrier for attempt in session.scalars(select(Attempt))}
        kinds = {number.number: number.kind for number in session.scalars(select(PortNumber))}
    assert filed == {(AMERICAN,): "twilio", (TOLL_FREE,): "manual", (CANADIAN,): "manual"}
    assert kinds[TOLL_FREE] is NumberKind.TOLL_FREE
    assert journey.told() == [NoticeKind.SUBMITTED, NoticeKind.SIGNATURE_WANTED, NoticeKind.SIGNATURE_WANTED]


def test_a_rejected_number_is_mended_and_goes_on_in_the_same_order(journey, desk):
    journey.sign_up()
    journey.file(CANADIAN, account_number="1")
    desk(PortStatus.REJECTED, CANADIAN, reasons=(ReasonCode.ACCOUNT_NUMBER,))
    assert journey.state() == State.ACTION_REQUIRED

    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    assert journey.state() == State.IN_REVIEW
    with journey.services.sessions() as session:
        cases = open_cases(session)
        filing = filing_for_papers(session, cases[0].order)
    assert len(cases) == 1
    assert filing.subscriber.account_number == "1000200030"


def test_a_cancel_is_done_when_the_desk_says_so(journey, desk):
    journey.sign_up()
    journey.file(CANADIAN)
    journey.ask(projects.cancel)
    journey.work()
    assert journey.state() == State.CANCEL_REQUESTED
    desk(PortStatus.CANCELED, CANADIAN)
    assert journey.state() == State.CANCELED
    with journey.services.sessions() as session:
        assert open_cases(session) == []


def test_a_cancel_that_the_old_operator_refuses_is_told_with_the_day_of_the_move(journey, desk):
    journey.sign_up()
    journey.file(CANADIAN)
    journey.ask(projects.cancel)
    journey.work()
    desk(PortStatus.SCHEDULED, CANADIAN, day=in_days(journey, 20))
    assert journey.state() == State.SCHEDULED
    assert journey.told()[-1] == NoticeKind.CANCEL_REFUSED
    assert NoticeKind.DATE_SET not in journey.told()


def test_what_has_ended_stays_as_it_is(journey, desk):
    journey.sign_up()
    journey.file(CANADIAN)
    desk(PortStatus.CANCELED, CANADIAN)
    with pytest.raises(Conflict):
        desk(PortStatus.SCHEDULED, CANADIAN, day=in_days(journey, 7))
    assert journey.state() == State.CANCELED


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("day", {"status": PortStatus.SCHEDULED}),
        ("day", {"status": PortStatus.SCHEDULED, "days": -1}),
        ("reasons", {"status": PortStatus.REJECTED}),
        ("reasons", {"status": PortStatus.NOT_PORTABLE}),
        ("status", {"status": PortStatus.UNKNOWN}),
        ("network", {"status": PortStatus.PORTED, "network": "manual"}),
    ],
)
def test_half_an_answer_is_refused_beside_its_field(journey, desk, field, answer):
    journey.sign_up()
    journey.file(CANADIAN)
    if "days" in answer:
        answer = {"status": answer["status"], "day": in_days(journey, answer["days"])}
    with pytest.raises(Invalid) as refusal:
        desk(answer.pop("status"), CANADIAN, **answer)
    assert list(refusal.value.fields) == [field]
    assert journey.state() == State.IN_REVIEW


def test_an_answer_names_numbers_of_its_order(journey):
    journey.sign_up()
    journey.file(CANADIAN)
    with journey.services.sessions.begin() as session:
        order = session.scalars(select(DeskOrder)).one()
        for numbers in [(), (AMERICAN,)]:
            with pytest.raises(Invalid) as refusal:
                write_answer(session, journey.services, order, Answer(PortStatus.PORTED, numbers))
            assert list(refusal.value.fields) == ["numbers"]


def test_the_holders_number_is_forgotten_when_the_port_has_ended(journey, desk):
    journey.sign_up()
    journey.file(SWEDISH, region="", subscriber_id="5560360793")
    desk(PortStatus.CANCELED, SWEDISH)
    wipe_secrets(journey.services)
    with journey.services.sessions() as session:
        assert session.scalars(select(PortProject)).one().subscriber_id is None


def test_the_main_number_does_not_leave_before_it_is_said_what_happens_to_the_rest(journey):
    journey.sign_up()
    journey.draft(CANADIAN, billing_number=CANADIAN)
    with pytest.raises(Invalid) as refusal:
        journey.ask(projects.submit)
    assert list(refusal.value.fields) == ["remaining"]
