"""A port on its way, for the pages that tell of it."""

from datetime import timedelta

import pytest

from service.porting import projects
from service.porting.models import PortProject
from service.schedule.timetable import JOBS
from tests.factories import CALLER, OWN, a_draft


@pytest.fixture
def own():
    """The number that is ported."""
    return OWN


@pytest.fixture
def tick(services, work, clock):
    def let_pass(length):
        clock.jump(length)
        work()
        for job in JOBS:
            job.run(services)
        work()

    return let_pass


@pytest.fixture
def dated(services, line, own, work, world, tick, story):
    """A port whose date is committed."""

    def set_date():
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), own)
        work()
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project.id))
        work()
        tick(timedelta(seconds=10))
        world.sign(own, "Alice Baker")
        tick(timedelta(hours=5))
        return project.public_id

    return story.come_to(set_date, own)


@pytest.fixture
def arrived(dated, tick, story):
    def arrive():
        tick(timedelta(days=12))
        tick(timedelta(minutes=1))
        tick(timedelta(minutes=1))

    story.come_to(arrive)
    return dated


@pytest.fixture
def proven(arrived, own, world, work, tick, story):
    def prove():
        world.call(CALLER, own)
        world.text(CALLER, own, "Hello", media=["image/jpeg"])
        work()
        tick(timedelta(seconds=10))

    story.come_to(prove)
    return arrived
