"""A month after all numbers of a transfer have come, its customer is asked about the old operator's last bill, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cutover.last_bill import A_MONTH, ask_about_last_bills
from service.notifications.models import NoticeKind, Notification
from service.porting.states import State
from service.time import now
from tests.factories import a_draft, a_line

NUMBERS = ("+14155552000", "+14155552001")
A_DAY = timedelta(days=1)


@pytest.fixture
def asked(services):
    """How often a customer was asked whose numbers came to these states so long ago, after two looks."""

    def asked(*came):
        with services.sessions.begin() as session:
            project = a_draft(session, a_line(session, services), *NUMBERS)
            for number, (state, ago) in zip(project.numbers, came, strict=True):
                number.state, number.since = state, now() - ago
        for _ in range(2):
            with services.sessions.begin() as session:
                ask_about_last_bills(session, services)
        with services.sessions() as session:
            questions = select(Notification.id).where(Notification.kind == NoticeKind.LAST_BILL)
            return len(session.scalars(questions).all())

    return asked


@pytest.mark.parametrize("other", [(State.LIVE, A_MONTH + A_DAY), (State.CANCELED, A_DAY)])
def test_a_customer_whose_last_number_came_a_month_ago_is_asked(asked, other):
    assert asked((State.LIVE, A_MONTH), other)


@pytest.mark.parametrize(
    "other", [(State.LIVE, A_MONTH - A_DAY), (State.IN_REVIEW, 2 * A_MONTH), (State.ACTION_REQUIRED, 2 * A_MONTH)]
)
def test_one_whose_other_number_came_later_or_is_still_under_way_is_not(asked, other):
    assert not asked((State.LIVE, A_MONTH + A_DAY), other)


def test_one_whose_numbers_came_long_ago_is_not(asked):
    assert not asked((State.LIVE, 3 * A_MONTH), (State.LIVE, 3 * A_MONTH))


def test_nobody_is_asked_about_numbers_that_did_not_come(asked):
    assert not asked((State.CANCELED, A_MONTH + A_DAY), (State.RETURNED, A_MONTH + A_DAY))
