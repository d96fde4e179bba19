"""The carrier worked by hand, on the worklist as the service keeps it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.manual import build
from provisioning.contract.errors import NotFound
from provisioning.contract.porting import (
    Address,
    CancelAnswer,
    FiledNumber,
    Filing,
    NumberKind,
    Paper,
    PortStatus,
    Subscriber,
    SubscriberKind,
    Verdict,
)
from service.db import connect, sessions_on
from service.desk.models import DeskNumber
from service.desk.worklist import DeskWorklist
from service.time import real_time, use_clock
from tests.provisioning.carrier_cases import PortingCases

TOLL_FREE = "+18007362671"
CANADIAN = "+16045552671"


@pytest.fixture
def sessions(database):
    sessions = sessions_on(connect(database))
    yield sessions
    sessions.kw["bind"].dispose()


@pytest.fixture
def porting(sessions, clock):
    use_clock(clock.now)
    yield build({}, worklist=DeskWorklist(sessions)).porting
    use_clock(real_time)


@pytest.fixture
def filing():
    return Filing(
        reference="7f3a-1",
        numbers=(FiledNumber(TOLL_FREE), FiledNumber(CANADIAN)),
        subscriber=Subscriber(
            SubscriberKind.BUSINESS,
            "Alice's Bakery LLC",
            "Alice Baker",
            "alice@bakery.example",
            Address("1 Main Street", "San Francisco", "CA", "94105", "US"),
        ),
        bill=Paper("bill.png", "image/png", b""),
    )


class TestPorting(PortingCases):
    @pytest.fixture
    def not_portable(self):
        return "+4930123456"

    @pytest.fixture
    def unknown_reference(self):
        return "7f3a-2"

    @pytest.fixture
    def now(self, clock):
        return clock.now()


def write(sessions, number, status):
    with sessions.begin() as session:
        session.query(DeskNumber).filter_by(number=number).one().status = status


def test_the_same_filing_twice_is_one_order(porting, filing, clock):
    assert porting.submit(filing) == porting.submit(filing)
    assert porting.recent(clock.now() - timedelta(days=1)) == [filing.reference]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (TOLL_FREE, NumberKind.TOLL_FREE),
        (CANADIAN, NumberKind.UNKNOWN),
        ("+46850012345", NumberKind.LOCAL),
        ("+46701234567", NumberKind.MOBILE),
    ],
)
def test_what_sort_of_number_it_is_shows_in_its_digits_where_they_tell(porting, number, kind):
    assert (porting.check(number).verdict, porting.check(number).kind) == (Verdict.YES, kind)


def test_what_the_desk_wrote_is_read_back(porting, filing, sessions):
    porting.submit(filing)
    write(sessions, CANADIAN, PortStatus.WITH_LOSING_CARRIER)
    said = {number.number: number.status for number in porting.fetch(filing.reference).numbers}
    assert said == {TOLL_FREE: PortStatus.IN_REVIEW, CANADIAN: PortStatus.WITH_LOSING_CARRIER}


def test_a_corrected_number_begins_again_and_an_ended_one_stays_ended(porting, filing, sessions):
    porting.submit(filing)
    write(sessions, CANADIAN, PortStatus.REJECTED)
    write(sessions, TOLL_FREE, PortStatus.PORTED)
    porting.supplement(filing.reference, replace(filing, reference="7f3a-2"))
    said = {number.number: number.status for number in porting.fetch(filing.reference).numbers}
    assert said == {TOLL_FREE: PortStatus.PORTED, CANADIAN: PortStatus.IN_REVIEW}


def test_a_cancel_waits_for_the_desk(porting, filing):
    porting.submit(filing)
    assert porting.cancel(filing.reference, (CANADIAN,)) is CancelAnswer.ACCEPTED
    said = {number.number: number.status for number in porting.fetch(filing.reference).numbers}
    assert said == {TOLL_FREE: PortStatus.IN_REVIEW, CANADIAN: PortStatus.CANCEL_REQUESTED}


def test_what_has_come_cannot_be_cancelled(porting, filing, sessions):
    porting.submit(filing)
    write(sessions, CANADIAN, PortStatus.PORTED)
    assert porting.cancel(filing.reference) is CancelAnswer.TOO_LATE


def test_nothing_can_be_corrected_that_was_never_filed(porting, filing):
    with pytest.raises(NotFound):
        porting.supplement(filing.reference, filing)


def test_no_number_lives_there(sessions):
    assert build({}, worklist=DeskWorklist(sessions)).network is None
