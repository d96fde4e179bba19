"""Questions that people of the desk ask at the same moment: one is open, the later one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.desk.correspondence import DeskQuestion
from service.desk.questions import ask_customer, open_question
from service.porting.models import PortProject
from tests.factories import OWN, a_draft, a_line
from tests.service.porting.test_sending import is_waited_for


@pytest.fixture
def project_id(services):
    with services.sessions.begin() as session:
        session.add(User(id=7, email="dan@desk.example", name="Dan", fs_uniquifier="dan"))
        return a_draft(session, a_line(session, services), OWN).id


def ask(session, project_id, text):
    ask_customer(session, session.get_one(PortProject, project_id), session.get_one(User, 7), text, ["street"])


def test_who_asks_at_the_same_moment_waits_and_replaces_the_question_before(services, project_id):
    def ask_too():
        with services.sessions.begin() as session:
            ask(session, project_id, "Later")

    with ThreadPoolExecutor() as pool:
        with services.sessions.begin() as session:
            ask(session, project_id, "First")
            session.flush()
            other = pool.submit(ask_too)
            while not is_waited_for(services) and not other.done():
                pass
        other.result()
    with services.sessions() as session:
        assert open_question(session, session.get_one(PortProject, project_id)).text == "Later"
        assert len(session.scalars(select(DeskQuestion)).all()) == 2
