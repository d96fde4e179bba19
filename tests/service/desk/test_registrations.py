"""The list of registrations: each state finds the businesses that stand there, a page at a time."""

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest

from provisioning.contract.registration import Stage
from service.accounts.models import Workspace
from service.desk.registrations import PER_PAGE, rows
from service.registration.models import Business, Registration, Subject
from service.registration.standing import State, standing_of_business
from service.time import now


@pytest.fixture
def businesses(services):
    """One business for each pair of stages, one for each stage of the first registration alone, and one without."""
    pairs = [(), *((stage,) for stage in Stage), *product(Stage, Stage)]
    with services.sessions.begin() as session:
        for place, stages in enumerate(pairs):
            workspace = Workspace(name=f"Business {place}")
            session.add(workspace)
            session.flush()
            business = Business(workspace_id=workspace.id, tax_id="12-3456789")
            for subject, stage in zip((Subject.BUSINESS, Subject.PROGRAM), stages, strict=False):
                since = now() - timedelta(days=place)
                about = {"stage": stage, "carrier": "twilio", "tag": f"{subject}-{place}", "changed_at": since}
                session.add(Registration(business=business, subject=subject, **about))
            session.add(business)
    return len(pairs)


def listed(session, state=None):
    """All pages of the list."""
    found, page = [], 1
    while part := rows(session, state, page=page):
        found, page = found + part, page + 1
    return found


@pytest.mark.parametrize("state", State)
def test_a_state_lists_the_businesses_that_stand_there(services, businesses, state):
    with services.sessions() as session:
        expected = {one.id for one in session.query(Business) if standing_of_business(one).state is state}
        found = listed(session, state)
        assert {row.business.id for row in found} == expected
        assert {row.where.state for row in found} <= {state}
        assert all(row.where == standing_of_business(row.business) for row in found)


def test_what_is_not_finished_is_listed_once_a_page_at_a_time_longest_waiting_first(services, businesses):
    with services.sessions() as session:
        found = listed(session)
        assert Counter(row.business.id for row in found).most_common(1)[0][1] == 1
        assert len(found) > PER_PAGE
        assert {row.where.state for row in found} == set(State) - {State.NOT_BEGUN, State.REGISTERED}
        assert [row.where.since for row in found] == sorted(row.where.since for row in found)
        assert len(rows(session, page=1, most=PER_PAGE + 1)) == PER_PAGE + 1


def test_no_tax_number_is_read_for_the_list(services, businesses):
    with services.sessions() as session:
        assert all("tax_id" not in row.business.__dict__ for row in rows(session))
        assert all("tax_id" not in row.business.__dict__ for row in rows(session, State.NOT_BEGUN))
