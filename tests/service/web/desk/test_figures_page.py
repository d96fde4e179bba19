"""The desk reads what past transfers took, by week, and downloads it."""

import csv
from io import StringIO

import pytest

from provisioning.contract.porting import NumberKind
from service.porting.weeks import PortWeek, monday
from service.time import now


@pytest.fixture
def week(services):
    """Add a week of transfers from Verizon: so many arrived, three after their PIN was rejected."""

    def add(arrived=24, provider="Verizon"):
        with services.sessions.begin() as session:
            took = {"3": arrived - 1, "9": 1}
            row = PortWeek(carrier="twilio", country="US", kind=NumberKind.MOBILE, provider=provider)
            row.week, row.arrived, row.right_first = monday(now().date()), arrived, arrived - 3
            row.wished, row.wished_kept, row.promised, row.promised_kept = 4, 1, arrived, arrived // 2
            row.filed_to_date, row.date_to_arrival, row.filed_to_arrival = took, {"1": arrived}, took
            row.rejected, row.lost = {"pin": 3}, {"pin": 5}
            session.add(row)

    return add


def figures(page):
    return {one.dt.text: " ".join(one.dd.text.split()) for one in page.select(".figures > div")}


def test_without_transfers_it_says_when_there_are_figures(operator):
    assert operator.get("desk_figures.show").says("No transfers in these weeks")


def test_the_desk_reads_what_is_usual_and_what_was_kept(operator, week):
    week()
    page = operator.get("desk_figures.show")
    assert figures(page) == {
        "Arrived": "24",
        "Right first time": "88% 21 of 24",
        "Days from filing to date": "3 9 in 10: 3",
        "Days from date to arrival": "1 9 in 10: 1",
        "Promised the day asked for": "25% 1 of 4",
        "Arrived on the day promised": "50% 12 of 24",
        "Rejections": "3",
        "Business days lost": "5",
    }
    assert len(page.select("svg[role=img]")) == 3
    assert page.select_one("g:has(.plot-corrected) title").text.endswith(": 21 right first time, 3 after a correction")
    assert page.says("Transfer PIN 3")
    assert not page.says("That’s few transfers")


def test_small_numbers_are_said_to_be_small(operator, week):
    week(arrived=5)
    page = operator.get("desk_figures.show")
    assert page.says("That’s few transfers")
    assert page.select_one("tbody .tag").text == "Few"


def test_one_provider_and_a_period_are_chosen_and_strange_values_do_nothing(operator, week):
    week()
    week(arrived=6, provider="Ooma")
    assert figures(operator.get("desk_figures.show", provider="Ooma"))["Arrived"] == "6"
    assert figures(operator.get("desk_figures.show", weeks="many"))["Arrived"] == "30"
    assert operator.get("desk_figures.show", kind="no such").says("No transfers in these weeks")
    assert len(operator.get("desk_figures.show", weeks=52).select("svg[role=img]")[0].select("g")) == 52


def test_the_table_to_download_has_each_week_and_group(operator, week):
    week()
    answer = operator.client.get(operator.address("desk_figures.download"))
    head, row = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    told = dict(zip(head, row, strict=True))
    assert (told["Week"], told["Provider"], told["Arrived"], told["Business days lost"]) == (
        "2026-03-02",
        "Verizon",
        "24",
        "5",
    )


def test_customers_do_not_see_them(alice):
    alice.get("desk_figures.show", status=404)
    alice.get("desk_figures.download", status=404)
