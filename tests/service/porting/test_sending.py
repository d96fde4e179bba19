"""Two ports of one number that are submitted at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from service.errors import Conflict
from service.porting import projects
from service.porting.models import PortProject
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
