"""Pages say when a carrier does not answer, to those who have something there."""

from datetime import timedelta

from service.carrier_cursors import CARRIER_PATIENCE, Cursor
from service.time import now


def test_pages_say_since_when_our_carrier_is_silent_and_that_nothing_needs_doing(alice, charlie, services, line):
    told = "Our phone carrier hasn’t answered since"
    assert not alice.get("numbers.listing").says(told)
    since = now() - CARRIER_PATIENCE - timedelta(minutes=1)
    with services.sessions.begin() as session:
        session.add(Cursor(carrier=services.home, reached_at=since, failing_since=since))
    assert alice.get("numbers.listing").says(told)
    assert not charlie.get("numbers.listing").says(told)
