"""A carrier that answers nothing for hours: what goes on by the other one, what waits, who hears of it, and its end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from provisioning.contract.messaging import MessageStatus
from service.alerts import Alert, AlertKind
from service.backfill.catching_up import catch_up
from service.inbox import writing
from service.inbox.models import Call, Message
from service.lines.models import Line, PhoneNumber, Standing
from service.notifications.models import Channel, Notification
from service.notifications.notices import Submitted
from service.porting import number_codes
from service.porting.followers import notify_project
from service.porting.models import PortNumber
from service.porting.silence import silent_since
from service.schedule.sound_alarms import sound_alarms
from tests.factories import CALLER, CUSTOMER, OWN, a_caller, a_draft, a_line
from tests.second_carrier import at_telnyx
from webhooks.models import Received

STANDBY = "+12022367040"
HOSTS = {"twilio": "*twilio.com/*", "telnyx": "*telnyx.com/*"}
HOURS = timedelta(hours=3)


@pytest.fixture(params=["twilio,telnyx", "telnyx,twilio"], ids=["first", "second"])
def order(request):
    """The carriers in the operator's order; the first is the one that fails."""
    return request.param.split(",")


@pytest.fixture
def settings(settings):
    return replace(settings, standby_number=STANDBY)


@pytest.fixture
def carriers(carriers, order, to_carrier, settings, world, clock):
    both = carriers | at_telnyx(to_carrier, settings, world, clock, calls_out=True)
    return {name: both[name] for name in order}


@pytest.fixture
def line(services, work):
    """A line with a number at the first carrier."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
    work()
    return line


@pytest.fixture
def fails_for_hours(services, world, clock, order):
    """Have the first carrier answer nothing for hours, in which the clock process asks it again and again."""

    def fail():
        world.faults.add("outage", path=HOSTS[order[0]])
        for _ in range(2):
            catch_up(services, carrier=order[0])
            clock.jump(HOURS / 2)

    return fail


@pytest.fixture
def comes_back(services, world, work, order):
    """Have it answer again, and let all be tried again that waited, which it is in real time."""

    def come_back():
        world.faults.clear()
        catch_up(services, carrier=order[0])
        tried_again(services, work)

    return come_back


def tried_again(services, work):
    with services.sessions.begin() as session:
        session.execute(text("UPDATE ledger_entries SET due_at = now()"))
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    work()


def notify(services, version):
    """Notify the customer by text and mail."""
    with services.sessions.begin() as session:
        port = session.scalars(select(PortNumber)).first()
        project = port.project if port else a_draft(session, session.scalars(select(Line)).first(), OWN)
        notice = Submitted(submitted_at=project.made_at)
        notify_project(session, services, project, notice, version, project.numbers)


def senders(world):
    """From which numbers texts have arrived on the customer's phone, after the seconds that this takes."""
    world.clock.jump(timedelta(seconds=30))
    world.run_due()
    return [one.from_ for one in world.phone(CUSTOMER).texts]


def test_our_own_texts_leave_from_the_other_carrier_and_from_the_first_again(
    services, world, work, line, fails_for_hours, comes_back
):
    usual = services.settings.platform_number
    notify(services, "1")
    work()
    fails_for_hours()
    notify(services, "2")
    work()
    assert senders(world) == [usual, STANDBY]
    comes_back()
    notify(services, "3")
    work()
    assert senders(world) == [usual, STANDBY, usual]


def test_without_a_standby_number_they_wait_and_leave_once_it_answers_again(
    services, world, work, line, fails_for_hours, comes_back
):
    alone = replace(services, settings=replace(services.settings, standby_number=""))
    work = replace(work, services=alone)
    fails_for_hours()
    notify(alone, "1")
    work()
    tried_again(alone, work)
    assert senders(world) == []
    comes_back()
    assert senders(world) == [services.settings.platform_number]


def test_a_text_whose_answer_was_lost_is_looked_for_where_it_was_sent_and_leaves_once(
    services, world, work, line, fails_for_hours, comes_back, order
):
    lost = world.faults.add("lose-after", path=HOSTS[order[0]])
    notify(services, "1")
    work()
    assert lost.struck
    world.faults.clear()
    fails_for_hours()
    tried_again(services, work)
    comes_back()
    tried_again(services, work)
    assert senders(world) == [services.settings.platform_number]


def test_a_code_for_a_number_is_texted_from_the_other_carrier(services, world, work, line, fails_for_hours):
    fails_for_hours()
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
        number_codes.ask(session, services, project, OWN, number_codes.Way.TEXT)
    work(failing=True)
    senders(world)
    assert [one.from_ for one in world.phone(OWN).texts] == [STANDBY]


def test_a_code_told_by_the_other_carrier_is_no_customers_call(services, world, work, line, fails_for_hours, order):
    fails_for_hours()
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
        number_codes.ask(session, services, project, OWN, number_codes.Way.CALL)
    work(failing=True)
    world.clock.jump(timedelta(minutes=5))
    assert work(failing=True) == []
    catch_up(services, carrier=order[1])
    with services.sessions() as session:
        assert session.scalars(select(Received.id).where(Received.read_at.is_(None))).all() == []
        assert session.scalars(select(Call.id)).all() == []


def test_who_answers_the_standby_number_with_stop_gets_no_more(services, world, work, line):
    world.text(CUSTOMER, STANDBY, "STOP")
    work()
    notify(services, "1")
    work()
    assert senders(world) == [STANDBY], "its confirmation alone"


def test_new_numbers_come_from_the_other_carrier(services, work, line, fails_for_hours, order):
    fails_for_hours()
    with services.sessions.begin() as session:
        a_line(session, services, area="212")
    work()
    with services.sessions() as session:
        rows = [(row.carrier, row.standing) for row in session.scalars(select(PhoneNumber).order_by(PhoneNumber.id))]
    assert rows == [(order[0], Standing.HELD), (order[1], Standing.HELD)]


def test_what_a_customer_writes_waits_for_its_own_number_and_leaves_once(
    services, world, work, line, fails_for_hours, comes_back
):
    fails_for_hours()
    with services.sessions.begin() as session:
        writing.write(session, a_caller(session, session.merge(line)), "Until six.", None)
    work()
    tried_again(services, work)
    senders(world)
    assert world.phone(CALLER).texts == []
    comes_back()
    senders(world)
    with services.sessions() as session:
        [message] = session.scalars(select(Message))
        held = session.scalars(select(PhoneNumber)).one().number
    assert [(one.body, one.from_) for one in world.phone(CALLER).texts] == [("Until six.", held)]
    assert message.status is not MessageStatus.FAILED


def test_operators_and_those_who_wait_hear_of_it_until_it_is_over(
    services, work, line, fails_for_hours, comes_back, order
):
    def told():
        sound_alarms(services)
        with services.sessions() as session:
            alerts = session.scalars(select(Alert.about).where(Alert.kind == AlertKind.CARRIER_SILENT))
            return list(alerts), silent_since(session, line.workspace_id) is not None

    assert told() == ([], False)
    fails_for_hours()
    assert told() == ([order[0]], True)
    comes_back()
    assert told()[1] is False


def test_who_has_nothing_at_the_silent_carrier_reads_nothing(services, work, line, fails_for_hours):
    fails_for_hours()
    with services.sessions() as session:
        assert silent_since(session, line.workspace_id + 1) is None


def test_mail_leaves_as_ever(services, mailbox, work, line, fails_for_hours):
    fails_for_hours()
    notify(services, "1")
    work()
    with services.sessions() as session:
        mailed = session.scalars(select(Notification).where(Notification.channel == Channel.EMAIL)).one()
    assert mailed.sent_at
