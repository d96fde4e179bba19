"""Calls caught in a forwarding loop end in voicemail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived
from provisioning.contract.voice import Ring
from service.accounts.models import Membership
from service.callback_addresses import Carried
from service.calls import events
from service.calls.answering import answer_call
from service.lines.models import Phone
from service.team_notices.models import TeamEvent, TeamNotice
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line, wear

PHONE = "+14155550177"
OLD = "+14155550166"


@pytest.fixture
def services(services):
    return replace(services, settings=replace(services.settings, countries=("US", "AR")))


@pytest.fixture
def line(session):
    line = a_standing_line(session)
    session.add(Phone(line_id=line.id, number=PHONE))
    session.flush()
    return line


def comes_in(session, services, reference, caller=CALLER, forwarded_from=""):
    """Whether a call rings phones. Its arrival is stored after it was answered."""
    event = CallArrived(reference, caller, OURS, forwarded_from)
    steps = answer_call(session.connection(), services, "twilio", event, Carried())
    events.arrived(session, event)
    session.flush()
    return any(isinstance(step, Ring) for step in steps)


def test_a_caller_who_comes_back_for_the_third_time_within_seconds_goes_to_voicemail(session, services, line):
    assert [comes_in(session, services, f"CA{number}") for number in range(4)] == [True, True, False, False]


IN_BUENOS_AIRES = ("+5491123456789", "+541123456789")


@pytest.mark.parametrize(("rung", "ours"), [IN_BUENOS_AIRES, IN_BUENOS_AIRES[::-1]])
def test_a_number_of_ours_is_not_rung_in_its_other_spelling_either(session, services, line, rung, ours):
    session.add(Phone(line_id=line.id, number=rung, position=1))
    wear(session, line, ours)
    [ring] = answer_call(session.connection(), services, "twilio", CallArrived("CA1", CALLER, OURS), Carried())
    assert ring.numbers == (PHONE,)


@pytest.mark.parametrize("told", [(*IN_BUENOS_AIRES, "+54 9 11 2345 6789"), ("+525512345678", "+5215512345678") * 2])
def test_a_caller_who_comes_back_in_another_spelling_is_the_same(session, services, line, told):
    calls = [comes_in(session, services, f"CA{number}", caller) for number, caller in enumerate(told[:3])]
    assert calls == [True, True, False]


def test_a_phone_that_forwards_is_known_by_its_other_spelling(session, services, line, told):
    session.add(Phone(line_id=line.id, number=IN_BUENOS_AIRES[0], position=1))
    session.flush()
    assert not comes_in(session, services, "CA1", forwarded_from=IN_BUENOS_AIRES[1])
    assert told() == [("Alice", IN_BUENOS_AIRES[1])]


def test_the_carrier_asking_again_about_the_same_call_is_no_circle(session, services, line):
    assert [comes_in(session, services, "CA1") for _ in range(4)] == [True] * 4


def test_callers_who_hide_their_number_are_not_taken_for_one(session, services, line):
    assert [comes_in(session, services, f"CA{number}", "anonymous") for number in range(4)] == [True] * 4


def test_a_caller_who_dials_again_later_is_put_through(session, services, line, clock):
    rang = []
    for number in range(4):
        rang.append(comes_in(session, services, f"CA{number}"))
        clock.jump(timedelta(seconds=15))
    assert rang == [True] * 4


def test_a_number_of_ours_is_not_rung_as_somebodys_phone(session, services, line):
    session.add_all(Phone(line_id=line.id, number=number, position=1) for number in (OURS, f"{OURS};ext=12"))
    session.flush()
    [ring] = answer_call(session.connection(), services, "twilio", CallArrived("CA1", CALLER, OURS), Carried())
    assert ring.numbers == (PHONE,)


@pytest.fixture
def told(session, line):
    """The e-mail addresses that were notified of the loop, and the number that forwards."""
    a_member(session, line, "Alice", Membership.OWNER)
    a_member(session, line, "Bob")

    def told():
        circles = select(TeamNotice).where(TeamNotice.event == TeamEvent.CIRCLE).order_by(TeamNotice.id)
        return [(notice.member.user.name, notice.facts["who"]) for notice in session.scalars(circles)]

    return told


def test_the_owner_is_told_once_a_day_which_forwarding_makes_the_circle(session, services, line, told, clock):
    for number in range(5):
        comes_in(session, services, f"CA{number}", forwarded_from=OLD)
    assert told() == [("Alice", OLD)]
    clock.jump(timedelta(days=1))
    for number in range(5, 8):
        comes_in(session, services, f"CA{number}", forwarded_from=OLD)
    assert told() == [("Alice", OLD)] * 2


def test_a_phone_that_forwards_to_its_own_line_is_named(session, services, line, told):
    assert not comes_in(session, services, "CA1", forwarded_from=PHONE)
    assert told() == [("Alice", PHONE)]


@pytest.mark.parametrize("told_as", ["14155550177", f"sip:{PHONE}@carrier.example;user=phone", f"tel:{PHONE}"])
def test_a_phone_that_forwards_is_known_in_any_spelling(session, services, line, told, told_as):
    assert not comes_in(session, services, "CA1", forwarded_from=told_as)
    assert told() == [("Alice", PHONE)]


def test_a_phone_with_an_extension_that_forwards_is_known_too(session, services, line, told):
    session.add(Phone(line_id=line.id, number=f"{OLD};ext=12", position=1))
    session.flush()
    assert not comes_in(session, services, "CA1", forwarded_from=OLD)
    assert told() == [("Alice", OLD)]


def test_calls_that_the_old_line_forwards_as_it_should_are_no_circle(session, services, line, told):
    comes_in(session, services, "CA1", forwarded_from=OLD)
    comes_in(session, services, "CA2", forwarded_from=OLD)
    assert told() == []


def test_callers_behind_one_switchboard_make_nobody_look_for_a_forwarding(session, services, line, told):
    for number in range(4):
        comes_in(session, services, f"CA{number}")
    assert told() == []
