import pytest

from tests.service.inbox.lines import a_standing_line


@pytest.fixture
def line(session, clock):
    return a_standing_line(session)
