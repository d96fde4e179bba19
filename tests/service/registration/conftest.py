"""Businesses that register, and days that pass while the carrier looks at them."""

import pytest

from service.registration.standing import standing
from service.registration.submitting import begin, fee_to_begin, try_again
from tests.factories import a_business, a_line
from tests.registering import passing_days


@pytest.fixture
def let_days_pass(services, world, clock, work):
    return passing_days(services, world, clock, work)


@pytest.fixture
def register(services, work):
    """Have the business of a new workspace registered: `register(legal_name="…")`; the workspace's id."""

    def make(**changes):
        with services.sessions.begin() as session:
            workspace_id = a_line(session, services).workspace_id
            business = a_business(session, workspace_id, **changes)
            begin(session, services, business, fee_to_begin(services, business))
        work()
        return workspace_id

    return make


@pytest.fixture
def mend(services, work):
    """Correct answers of a business that was refused, and send it again: `mend(workspace_id, terms_url="…")`."""

    def change(workspace_id, **answers):
        with services.sessions.begin() as session:
            refused = standing(session, workspace_id).waits_for
            for name, value in answers.items():
                setattr(refused.business, name, value)
            try_again(session, refused, 1500)
        work()

    return change


@pytest.fixture
def stands(services):
    """Where a workspace stands: `stands(workspace_id)`."""

    def look(workspace_id):
        with services.sessions() as session:
            return standing(session, workspace_id)

    return look
