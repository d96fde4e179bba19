"""The same kills at a carrier whose log cannot tell whether a text was sent: nothing is done twice there either."""

import pytest

from reliability.audit import doubled
from reliability.points import Point
from service.ledger.models import EntryKind, Progress
from tests.factories import sign_letters
from tests.reliability.test_crashes import WANTING, each_crash, entries
from tests.second_carrier import at_telnyx

TOLD = (EntryKind.BUY_NUMBER, EntryKind.FILE_PORT, EntryKind.SEND_MAIL)
"""What can be looked for, so that it is done once."""

UNTOLD = (EntryKind.SEND_TEXT, EntryKind.SEND_MESSAGE)
"""Texts: of these only the carrier's news tells that they left."""

NEVER_LEFT = Point.AFTER_TRYING
"""The worker was killed before it sent anything, which nobody can know afterwards: an operator decides after a day."""


def file_port(harness, journey):
    """This carrier takes our letter, which is signed before anything is filed."""
    WANTING[EntryKind.FILE_PORT](harness, journey)
    harness.worker()
    with harness.services.sessions.begin() as session:
        sign_letters(session, harness.services)


WANTED = WANTING | {EntryKind.FILE_PORT: file_port}


@pytest.fixture
def carriers(to_carrier, settings, world, clock):
    return at_telnyx(to_carrier, settings, world, clock)


@pytest.fixture
def journey(harness):
    """A customer with a working number and a draft that could be sent."""
    journey = harness.begin_anew()
    journey.sign_up()
    journey.draft("+12125552000")
    harness.remember()
    return journey


@pytest.mark.parametrize("kind", TOLD)
def test_what_can_be_looked_for_is_done_once(harness, journey, kind):
    for point in each_crash(harness, journey, kind, WANTED[kind]):
        harness.good_hours()
        assert (point, entries(harness, kind)[-1].progress) == (point, Progress.DONE)
        assert (point, doubled(harness.world.state)) == (point, [])


@pytest.mark.parametrize("kind", UNTOLD)
def test_a_text_that_may_have_left_is_not_sent_again(harness, journey, kind):
    for point in each_crash(harness, journey, kind, WANTED[kind]):
        harness.good_hours()
        progress = Progress.TRYING if point is NEVER_LEFT else Progress.DONE
        assert (point, entries(harness, kind)[-1].progress) == (point, progress)
        assert (point, doubled(harness.world.state)) == (point, [])
