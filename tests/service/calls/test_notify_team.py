"""Notices of missed calls and voicemails, whatever the order of the callbacks."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from provisioning.contract.callbacks import CallArrived, CallEnded, CallOutcome, RingEnded, VoicemailLeft
from service.calls import events
from service.calls.notify_team import notify_missed_call, notify_voicemail
from service.inbox.models import Call
from service.team_notices.models import TeamEvent, TeamNotice
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line

ARRIVED = (events.arrived, CallArrived("CA1", CALLER, OURS))
OVER = (events.ended, CallEnded("CA1", CALLER, OURS, 42))
TAKEN = (events.ring_ended, RingEnded("CA1", CALLER, OURS, CallOutcome.ANSWERED))
MESSAGE = (events.voicemail_left, VoicemailLeft("CA1", "RE1", "https://carrier.example/RE1.mp3", 7))


@pytest.fixture
def told(services, clock):
    """The notices to a member of a call with these callbacks, after the wait for the last of them."""
    with services.sessions.begin() as session:
        a_member(session, a_standing_line(session), "alice")

    def told(*news):
        for note, event in news:
            with services.sessions.begin() as session:
                note(session, event)
        with services.sessions() as session:
            call_id = session.scalars(select(Call.id)).one()
        notify_missed_call(services, call_id=call_id)
        if MESSAGE in news:
            notify_voicemail(services, call_id=call_id)
        with services.sessions() as session:
            return list(session.scalars(select(TeamNotice).order_by(TeamNotice.id)))

    return told


def test_a_call_that_nobody_took_is_told_once(told):
    assert [notice.event for notice in told(ARRIVED, OVER, OVER)] == [TeamEvent.MISSED_CALL]


def test_a_call_that_was_taken_is_not_told_as_missed_when_news_of_its_end_comes_first(told):
    assert told(ARRIVED, OVER, TAKEN) == []


def test_a_message_is_not_told_as_a_missed_call_too_when_news_of_the_calls_end_comes_first(told):
    assert [notice.event for notice in told(ARRIVED, OVER, MESSAGE)] == [TeamEvent.VOICEMAIL]


def test_a_call_that_is_found_later_is_told_with_the_time_at_which_it_came(told):
    came = now() - timedelta(hours=3)
    [notice] = told((events.ended, CallEnded("CA1", CALLER, OURS, 0, at=came)))
    assert notice.facts["at"] == came.isoformat()


def test_a_missed_call_whose_notice_the_version_before_queued_is_notified(services, work):
    with services.sessions.begin() as session:
        a_member(session, a_standing_line(session), "alice")
    for note, event in (ARRIVED, OVER):
        with services.sessions.begin() as session:
            note(session, event)
    with services.sessions.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET task_name = 'tell_of_missed', scheduled_at = NULL"))
    work()
    with services.sessions() as session:
        assert session.scalars(select(TeamNotice.event)).all() == [TeamEvent.MISSED_CALL]
