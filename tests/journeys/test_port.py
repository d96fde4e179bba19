"""A port from draft to the end of the grace, as carrier, clock and customers drive it."""

from datetime import timedelta

from sqlalchemy import delete, select

from service.alerts import Alert
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.notifications.models import NoticeKind
from service.porting import projects
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.states import State
from service.proven_numbers import ProvenNumber
from tests.factories import CALLER, CUSTOMER, GOOD_ACCOUNT_NUMBER
from tests.journeys.journey import AT_BOTH

PLAIN = "+12125552000"
WEST_COAST = "+14155552000"
EARLY = "+14155554101"
WRONG_ACCOUNT = "+14155553156"


def test_a_port_goes_from_draft_to_done_and_the_temporary_number_is_given_back(journey, world):
    temporary = journey.sign_up()
    journey.schedule(PLAIN)

    journey.pass_time_until(journey.committed() - timedelta(days=2))
    journey.pass_time_until(journey.committed() - timedelta(hours=1))
    assert journey.state() == State.ACTIVATING
    journey.pass_time(timedelta(hours=1))
    journey.pass_time(timedelta(minutes=2), steps=4)
    assert journey.state() == State.PORTED
    assert {worn.number: worn.role for worn in journey.numbers()} == {
        temporary: NumberRole.RETIRING,
        PLAIN: NumberRole.PRIMARY,
    }

    journey.prove(PLAIN)
    assert journey.state() == State.LIVE

    journey.pass_time(timedelta(days=24))
    journey.pass_time(timedelta(days=8))
    journey.pass_time(timedelta(minutes=1))
    assert [worn.number for worn in journey.numbers()] == [PLAIN]
    with journey.services.sessions() as session:
        given_back = session.scalar(select(PhoneNumber).where(PhoneNumber.number == temporary))
    assert given_back.standing is Standing.RELEASED
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
        NoticeKind.RELEASE_NOTICE,
        NoticeKind.LAST_BILL,
    ]
    # and the number itself texted them once, to show that its texts are delivered
    assert len(journey.texts()) == len(journey.told()) + 1


def test_a_rejected_port_is_mended_by_the_customer_and_filed_again(journey, world):
    journey.sign_up()
    journey.be_rejected(WRONG_ACCOUNT)
    journey.ask(projects.correct, {"account_number": GOOD_ACCOUNT_NUMBER})
    journey.pass_time(timedelta(minutes=5), steps=5)
    journey.pass_time(timedelta(days=1))
    world.sign(WRONG_ACCOUNT, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    assert journey.state() == State.SCHEDULED
    with journey.services.sessions() as session:
        attempts = session.get_one(PortProject, journey.project_id).attempts
        assert [(attempt.sequence, attempt.previous_id) for attempt in attempts] == [(1, None), (2, attempts[0].id)]


def test_a_port_that_completes_before_its_date_is_set_up_all_the_same(journey, world):
    journey.sign_up()
    journey.schedule(EARLY)
    with journey.services.sessions() as session:
        day = session.scalar(select(PortNumber.committed_on))
    while journey.state() == State.SCHEDULED:
        journey.pass_time(timedelta(hours=6))
    assert journey.state() == State.PORTED
    assert journey.clock.now().date() < day


def test_what_moves_before_people_are_up_is_told_of_the_evening_before(journey):
    """Eight in the morning at the carrier's desk in the east is five in the west."""
    journey.sign_up()
    journey.schedule(WEST_COAST)
    journey.pass_time_until(journey.committed() - timedelta(hours=13))
    journey.pass_time_until(journey.committed() - timedelta(minutes=30))
    journey.pass_time(timedelta(hours=1))
    assert journey.told().count(NoticeKind.EVENING_BEFORE) == 1
    assert NoticeKind.MORNING_OF not in journey.told()


def test_nobody_is_woken_by_a_move_that_is_not_ready(journey):
    journey.sign_up()
    journey.schedule(PLAIN)
    morning = journey.committed() - timedelta(days=3)
    journey.pass_time_until(morning - timedelta(hours=7, minutes=55))
    assert NoticeKind.NOT_READY not in journey.told()
    journey.pass_time_until(morning)
    assert journey.told().count(NoticeKind.NOT_READY) == 1


def test_status_by_text_is_answered_with_what_the_page_says(journey, world):
    journey.sign_up()
    journey.file(PLAIN)
    journey.pass_time(timedelta(seconds=10))
    platform = journey.services.settings.platform_number
    world.text(CUSTOMER, platform, "Status?")
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert "waiting for a signature. Expected between Monday, March 9 and Monday, March 23." in journey.texts()[-1]

    world.sign(PLAIN, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    world.text(CUSTOMER, platform, "STATUS")
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert "the date is set. It moves Monday, March 9" in journey.texts()[-1]
    assert journey.told().count(NoticeKind.STATUS) == 2


def test_status_from_a_contact_that_is_not_proven_tells_nothing(journey, world):
    journey.sign_up()
    journey.file(PLAIN)
    with journey.services.sessions.begin() as session:
        session.execute(delete(ProvenNumber))
    world.text(CUSTOMER, journey.services.settings.platform_number, "STATUS")
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert NoticeKind.STATUS not in journey.told()


def test_status_asked_by_a_stranger_tells_nothing_and_is_shown_to_an_operator(journey, world):
    journey.sign_up()
    journey.file(PLAIN)
    world.text(CALLER, journey.services.settings.platform_number, "STATUS")
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert NoticeKind.STATUS not in journey.told()
    with journey.services.sessions() as session:
        assert "text_to_platform" in list(session.scalars(select(Alert.kind)))


@AT_BOTH
def test_history_counts_from_one_without_gaps(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    with journey.services.sessions() as session:
        rows = list(session.scalars(select(PortHistory).order_by(PortHistory.sequence)))
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.before for row in rows[1:]] == [row.after for row in rows[:-1]]
