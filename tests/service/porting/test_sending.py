"""Ports of one number that are submitted at the same moment, or by turns with cancels."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.errors import Conflict
from service.porting import projects
from service.porting.cycles import CANCELED, SENT_A_DAY
from service.porting.models import PortProject
from service.time import now
from tests.factories import OWN, a_draft, a_line


def send(services, project_id):
    with services.sessions.begin() as session:
        projects.submit(session, services, session.get_one(PortProject, project_id))


def is_waited_for(services):
    with services.sessions() as session:
        waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return session.scalar(text(f"SELECT EXISTS ({waiting})"))


def test_the_second_is_told_that_it_is_being_moved(services):
    with services.sessions.begin() as session:
        drafts = [a_draft(session, a_line(session, services), OWN) for _ in range(2)]
        session.flush()
        first, second = [draft.id for draft in drafts]
    with ThreadPoolExecutor(1) as elsewhere:
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, first))
            sent = elsewhere.submit(send, services, second)
            while not is_waited_for(services):
                assert not sent.done()
        with pytest.raises(Conflict):
            sent.result()


def a_sent_one(session, services, line):
    project = a_draft(session, line, OWN, pin="4242")
    session.flush()
    projects.submit(session, services, project)
    return project


def test_who_sends_and_cancels_a_number_by_turns_is_stopped(services):
    with services.sessions.begin() as session:
        line = a_line(session, services)
        for _ in range(CANCELED):
            projects.cancel(session, services, a_sent_one(session, services, line))
        with pytest.raises(Conflict, match="canceled this number several times"):
            a_sent_one(session, services, line)


def test_who_sends_very_many_transfers_goes_on_tomorrow(services, clock):
    with services.sessions.begin() as session:
        line = a_line(session, services)
        for _ in range(SENT_A_DAY):
            a_draft(session, line).submitted_at = now()
        session.flush()
        with pytest.raises(Conflict, match="Send the rest tomorrow"):
            a_sent_one(session, services, line)
        clock.jump(timedelta(days=1))
        assert a_sent_one(session, services, line).submitted_at
