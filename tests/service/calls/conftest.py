import pytest

from tests.factories import a_line
from tests.service.inbox.lines import a_standing_line


@pytest.fixture
def line(session, clock):
    return a_standing_line(session)


@pytest.fixture
def numbered(services, work, story):
    """There is a line that has its number."""

    def open_line():
        with services.sessions.begin() as session:
            a_line(session, services)
        work()

    story.come_to(open_line)
