"""Businesses register while answers are lost, requests are turned away and workers are killed: each pays once."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from reliability.points import Point
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.registration.models import Business, Submission
from service.registration.submitting import begin
from tests.factories import a_business, a_line

BUSINESSES = 5


def owe(harness):
    with harness.services.sessions.begin() as session:
        for _ in range(BUSINESSES):
            business = a_business(session, a_line(session, harness.services).workspace_id)
            begin(session, harness.services, business, 1950)


def unsettled(harness):
    with harness.services.sessions() as session:
        kinds = LedgerEntry.kind.in_([EntryKind.REGISTER_BUSINESS, EntryKind.OPEN_POOL, EntryKind.REGISTER_PROGRAM])
        return session.scalars(select(LedgerEntry.id).where(kinds, LedgerEntry.progress != Progress.DONE)).all()


def test_ten_entries_with_fees_cost_ten_fees(harness):
    harness.begin_anew()
    owe(harness)
    for path in ("*/BrandRegistrations", "*/Usa2p", "*/TrustProducts", "*/Services"):
        harness.world.faults.add("lose-after", path=path, rate=0.2)
        harness.world.faults.add("throttle", path=path, rate=0.1)
    for kind in (EntryKind.REGISTER_BUSINESS, EntryKind.REGISTER_PROGRAM):
        for point in (Point.AFTER_TRYING, Point.AFTER_CALL, Point.BEFORE_RECORD):
            harness.crashes.arm(point, kind)
            harness.pass_time(timedelta(minutes=2))
    harness.good_hours()
    harness.good_hours()
    fees = Counter(fee.reason for fee in harness.world.registry.fees)
    assert fees == {"brand": BUSINESSES, "review": BUSINESSES}
    assert unsettled(harness) == []
    with harness.services.sessions() as session:
        assert len(session.scalars(select(Business.id)).all()) == BUSINESSES
        assert sum(session.scalars(select(Submission.paid))) == BUSINESSES * (450 + 1500)
