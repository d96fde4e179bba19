"""Calls that would go round in circles end in voicemail."""

from datetime import timedelta

import pytest

from provisioning.contract.callbacks import CallArrived
from provisioning.contract.voice import Ring
from service.calls import effects
from service.calls.plan import answer_call
from service.lines.models import Phone
from tests.service.inbox.lines import CALLER, OURS, a_standing_line

PHONE = "+14155550177"


@pytest.fixture
def line(session):
    line = a_standing_line(session)
    session.add(Phone(line_id=line.id, number=PHONE))
    session.flush()
    return line


def comes_in(session, services, reference, caller=CALLER):
    """Whether a call rings phones; its arrival is written after the answer."""
    event = CallArrived(reference, caller, OURS)
    steps = answer_call(session.connection(), services, "twilio", event, {})
    effects.arrived(session, event)
    session.flush()
    return any(isinstance(step, Ring) for step in steps)


def test_a_caller_who_comes_back_for_the_third_time_within_seconds_goes_to_voicemail(session, services, line):
    assert [comes_in(session, services, f"CA{number}") for number in range(4)] == [True, True, False, False]


def test_the_carrier_asking_again_about_the_same_call_is_no_circle(session, services, line):
    assert [comes_in(session, services, "CA1") for _ in range(4)] == [True] * 4


def test_callers_who_hide_their_number_are_not_taken_for_one(session, services, line):
    assert [comes_in(session, services, f"CA{number}", "anonymous") for number in range(4)] == [True] * 4


def test_whoever_dials_again_later_is_put_through(session, services, line, clock):
    rang = []
    for number in range(4):
        rang.append(comes_in(session, services, f"CA{number}"))
        clock.jump(timedelta(seconds=15))
    assert rang == [True] * 4


def test_a_number_of_ours_is_not_rung_as_somebodys_phone(session, services, line):
    session.add(Phone(line_id=line.id, number=OURS, position=1))
    session.flush()
    [ring] = answer_call(session.connection(), services, "twilio", CallArrived("CA1", CALLER, OURS), {})
    assert ring.numbers == (PHONE,)
