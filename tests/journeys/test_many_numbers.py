"""Several numbers in one project: each in its own state, with one notice for numbers that have the same news."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.errors import Invalid
from service.inbox.models import Conversation, Message
from service.lines.models import Line, NumberRole
from service.notifications.models import Channel, NoticeKind, Notification
from service.porting import drafts, projects
from service.porting.lines import choose_line
from service.porting.models import PortNumber, PortProject
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.porting.states import State
from tests.factories import CALLER, a_draft, confirm

ONE, TWO = "+12125552000", "+12125552001"
LATE = "+12125554202"
"""Shows at the carrier only a while after it has come."""
REJECTED = "+12125552154"
MANY = [f"+1212736{line}" for line in range(8000, 9000)]


def test_three_numbers_with_two_outcomes_are_told_as_they_are(journey, world):
    journey.sign_up()
    journey.file(ONE, REJECTED, TWO)
    journey.pass_time(timedelta(seconds=10))
    world.sign(ONE, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    assert {number: journey.state(number) for number in (ONE, REJECTED, TWO)} == {
        ONE: State.SCHEDULED,
        REJECTED: State.ACTION_REQUIRED,
        TWO: State.SCHEDULED,
    }
    assert sorted(journey.told()) == [
        NoticeKind.ACTION_NEEDED,
        NoticeKind.DATE_SET,
        NoticeKind.SIGNATURE_WANTED,
        NoticeKind.SUBMITTED,
    ]
    assert numbers_told(journey, NoticeKind.DATE_SET) == [ONE, TWO]
    assert numbers_told(journey, NoticeKind.ACTION_NEEDED) == [REJECTED]


def test_the_days_before_a_move_tell_all_its_numbers_at_once(journey, world):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    journey.pass_time_until(journey.committed() - timedelta(days=2))
    journey.pass_time_until(journey.committed() - timedelta(hours=1))
    assert numbers_told(journey, NoticeKind.TWO_DAYS_BEFORE) == [ONE, TWO]
    assert numbers_told(journey, NoticeKind.MORNING_OF) == [ONE, TWO]

    world.complete(ONE, ONE)
    journey.pass_time(timedelta(minutes=10))
    assert journey.told().count(NoticeKind.MORNING_OF) == 1


def test_a_project_is_done_when_its_last_number_is(journey, world):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=5), steps=5)
    for number, done in ((ONE, 0), (TWO, 1)):
        journey.prove(number)
        assert journey.state(number) == State.LIVE
        assert journey.told().count(NoticeKind.DONE) == done


def test_a_project_is_done_too_when_its_last_number_does_not_come_and_that_one_would_end(journey, world):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    world.complete(ONE, ONE)
    journey.pass_time(timedelta(minutes=5))
    journey.prove(ONE)
    assert journey.state(ONE) == State.LIVE
    assert NoticeKind.DONE not in journey.told()

    world.cancel_number(TWO, TWO)
    journey.pass_time(timedelta(minutes=5))
    assert journey.told()[-2:] == [NoticeKind.CANCELED, NoticeKind.DONE]
    with journey.services.sessions() as session:
        done = select(Notification.facts).where(Notification.kind == NoticeKind.DONE)
        assert {tuple(facts["others"]) for facts in session.scalars(done)} == {(TWO,)}


def test_what_has_arrived_keeps_nobody_from_calling_off_the_rest(journey, world):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    world.complete(ONE, ONE)
    journey.pass_time(timedelta(minutes=5))
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=5), steps=3)
    assert (journey.state(ONE), journey.state(TWO)) == (State.PORTED, State.CANCELED)


def test_numbers_that_are_not_ready_are_told_of_in_one_text(journey):
    journey.sign_up()
    journey.schedule(*MANY[:5])
    journey.pass_time_until(journey.committed() - timedelta(days=2))
    assert numbers_told(journey, NoticeKind.NOT_READY) == MANY[:5]


def test_numbers_that_arrive_together_are_told_once(journey, world):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=5), steps=5)
    assert numbers_told(journey, NoticeKind.ARRIVED) == [ONE, TWO]

    for number in (ONE, TWO):
        assert NoticeKind.TEXTS_ARRIVED not in journey.told()
        world.text(CALLER, number, "Hello")
        journey.work()
    journey.pass_time(timedelta(seconds=10))
    assert numbers_told(journey, NoticeKind.TEXTS_ARRIVED) == [ONE, TWO]


def test_a_number_in_trouble_keeps_the_others_waiting_for_a_while_only(journey, world):
    journey.sign_up()
    journey.schedule(ONE, LATE)
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=5), steps=5)
    assert NoticeKind.ARRIVED not in journey.told()
    journey.pass_time(timedelta(minutes=6))
    with journey.services.sessions() as session:
        arrived = select(Notification).where(
            Notification.kind == NoticeKind.ARRIVED, Notification.channel == Channel.SMS
        )
        told = [one.facts["numbers"] for one in session.scalars(arrived.order_by(Notification.id))]
    assert told == [[ONE], [LATE]]


def test_canceled_numbers_are_told_once(journey):
    journey.sign_up()
    journey.schedule(ONE, TWO)
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=5), steps=3)
    assert journey.state(ONE) == journey.state(TWO) == State.CANCELED
    assert numbers_told(journey, NoticeKind.CANCELED) == [ONE, TWO]


def test_a_thousand_numbers_are_asked_about_filed_and_scheduled_with_one_text_each_time(journey, world):
    """Without the carrier's callbacks, of which there is one for each number and change: asking brings the same."""
    journey.sign_up()
    world.faults.add("drop")
    with journey.services.sessions.begin() as session:
        project = a_draft(session, session.get_one(Line, journey.line_id))
        drafts.add_numbers(session, project, MANY)
        confirm(project)
        journey.project_id = project.id
    journey.work()
    journey.ask(projects.submit)
    journey.work()
    journey.pass_time(timedelta(days=1, hours=1))
    world.sign(MANY[0], "Alice Baker")
    journey.pass_time(timedelta(days=1, hours=1))

    with journey.services.sessions() as session:
        states = dict(session.execute(select(PortNumber.state, func.count()).group_by(PortNumber.state)).all())
        assert state_of(session.get_one(PortProject, journey.project_id)) is ProjectState.UNDERWAY
    assert states == {State.SCHEDULED: 1000}
    told = [NoticeKind.SUBMITTED, NoticeKind.SIGNATURE_WANTED, NoticeKind.SIGNATURE_REMINDER, NoticeKind.DATE_SET]
    assert journey.told() == told
    assert numbers_told(journey, NoticeKind.DATE_SET) == MANY


def test_a_project_takes_no_more_than_a_thousand_numbers_and_none_of_those_too_many(journey):
    journey.sign_up()
    journey.draft()
    with pytest.raises(Invalid) as refusal:
        journey.ask(lambda session, _, project: drafts.add_numbers(session, project, [*MANY, ONE]))
    assert list(refusal.value.fields) == ["number"]
    with journey.services.sessions() as session:
        assert session.scalar(select(func.count(PortNumber.id))) == 0


def numbers_told(journey, kind):
    """The numbers of the one text of this kind."""
    with journey.services.sessions() as session:
        told = select(Notification).where(Notification.kind == kind, Notification.channel == Channel.SMS)
        return session.scalars(told).one().facts["numbers"]


def test_two_numbers_come_to_two_lines_and_only_one_replaces_the_temporary_number(journey, world):
    temporary = journey.sign_up()
    journey.draft(ONE, TWO)
    with journey.services.sessions.begin() as session:
        project = session.get_one(PortProject, journey.project_id)
        choose_line(project, project.numbers[1:], None)
    journey.ask(projects.submit)
    journey.work()
    journey.pass_time(timedelta(seconds=10))
    world.sign(ONE, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=5), steps=5)
    for number in (ONE, TWO):
        journey.prove(number)
        assert journey.state(number) == State.LIVE
    with journey.services.sessions() as session:
        first, second = session.scalars(select(Line).order_by(Line.id))
        worn = {number.number: number.role for number in first.numbers}
        assert worn == {temporary: NumberRole.RETIRING, ONE: NumberRole.PRIMARY}
        assert {number.number: number.role for number in second.numbers} == {TWO: NumberRole.PRIMARY}
        talks = select(Conversation.line_id).join(Message).where(Message.number == TWO)
        assert set(session.scalars(talks)) == {second.id}
