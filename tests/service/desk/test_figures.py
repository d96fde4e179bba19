"""The figures of past transfers: what is usual, what was kept, and what rejections cost."""

from datetime import date, timedelta

import pytest

from provisioning.contract.porting import NumberKind
from service.desk.figures import Past, rows_by_reason
from service.porting.weeks import PortWeek

THIS = date(2026, 3, 2)


@pytest.fixture
def week(session):
    """Add what the transfers of a week did, so many weeks ago."""

    def add(ago=0, provider="Verizon", country="US", carrier="twilio", **counts):
        sums = dict.fromkeys(("right_first", "wished", "wished_kept", "promised", "promised_kept"), 0)
        days = {name: {} for name in ("filed_to_date", "date_to_arrival", "filed_to_arrival", "rejected", "lost")}
        values = sums | days | counts
        arrived = sum(values["filed_to_arrival"].values())
        kind, at = NumberKind.MOBILE, THIS - timedelta(weeks=ago)
        session.add(
            PortWeek(carrier=carrier, country=country, kind=kind, provider=provider, week=at, arrived=arrived, **values)
        )
        session.flush()

    return add


def test_half_came_within_the_median_and_nine_in_ten_within_the_p90(session, week):
    week(filed_to_arrival={"3": 4, "10": 1})
    week(ago=1, filed_to_arrival={"3": 2, "5": 2, "20": 1})
    span = Past(session, 12).together().span("filed_to_arrival")
    assert span == (10, 3, 10)
    assert span.is_small, "of fewer than twenty nothing is said without saying so"


def test_weeks_before_the_period_do_not_count_and_each_within_it_is_told(session, week):
    week(ago=12, filed_to_arrival={"9": 9})
    week(ago=11, filed_to_arrival={"2": 1})
    past = Past(session, 12)
    assert past.together().counts["arrived"] == 1
    assert [one.counts["arrived"] for one in past.by_week.values()] == [1, *[0] * 11]


def test_shares_are_of_those_that_could_have_been_kept(session, week):
    week(filed_to_arrival={"1": 8}, right_first=6, wished=4, wished_kept=1, promised=8, promised_kept=8)
    all_of_them = Past(session, 12).together()
    assert all_of_them.percent("right_first", "arrived") == 75
    assert all_of_them.percent("wished_kept", "wished") == 25
    assert all_of_them.percent("promised_kept", "promised") == 100


def test_nothing_is_said_of_nothing(session):
    nothing = Past(session, 12).together()
    assert (nothing.percent("right_first", "arrived"), nothing.span("filed_to_date")) == (None, None)
    assert Past(session, 12).choices() == {"provider": [], "country": [], "kind": [], "carrier": []}


def test_providers_countries_kinds_and_carriers_are_told_apart_and_chosen(session, week):
    week(filed_to_arrival={"1": 2})
    week(country="CA", filed_to_arrival={"1": 3})
    week(provider="", carrier="manual", filed_to_arrival={"1": 1})
    groups = [(*key, one.counts["arrived"]) for key, one in Past(session, 12).by_group]
    assert groups == [
        ("Verizon", "CA", NumberKind.MOBILE, "twilio", 3),
        ("Verizon", "US", NumberKind.MOBILE, "twilio", 2),
        ("", "US", NumberKind.MOBILE, "manual", 1),
    ]
    assert Past(session, 12, provider="Verizon", country="US").together().counts["arrived"] == 2
    assert Past(session, 12).choices()["country"] == ["CA", "US"]


def test_reasons_are_told_with_what_they_cost_and_by_field(session, week):
    week(rejected={"pin": 3, "address": 1}, lost={"pin": 4})
    week(ago=1, provider="Ooma", rejected={"address": 2}, lost={"address": 11})
    past = Past(session, 12)
    assert list(rows_by_reason(past.together())) == [("address", 3, 11), ("pin", 3, 4)]
    [(first, figures), (second, _)] = past.by_provider()
    assert (first, second, figures.by_field["pin"], figures.by_field["street"]) == ("Verizon", "Ooma", 3, 1)
