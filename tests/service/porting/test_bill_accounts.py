"""The account number is found by its caption, in four languages."""

import pytest

from benchmarks.bills.corpus import bills
from service.porting.bill_accounts import account_on
from service.porting.operators import operator_called

ON_BILLS = {
    "alpes_mobile": "7 114 220",
    "bla_linjen": "4402-118",
    "fjallnet": "50271",
    "fleuve_mobile": "5 5120 33",
    "harbor_wireless": "3412-88-00197",
    "liberty_mobility": "287301122334",
    "magenta_hill": "948120034",
    "mas_movil_sur": "4410-2201",
    "nordvind": "114 55 201",
    "palma_tel": "88-4471-2",
    "prairie_cable": "8499 05 003 0421947",
    "rive_sud": "77 2041",
}


@pytest.mark.parametrize("layout", ON_BILLS)
def test_it_is_found_beside_or_below_its_caption(layout):
    bill = next(bill for bill in bills("layouts") if bill.layout == layout)
    assert account_on(bill.words) == ON_BILLS[layout]


@pytest.mark.parametrize(
    "words",
    [
        "Statement of account\n1 Main Street",
        "Account summary   2026-02-20",
        "Account number: 20.02.2026",
        "Account number\nALICE'S BAKERY LLC",
        "Foundation account: 57755120",
        "Account 123",
        "",
    ],
)
def test_what_only_looks_like_one_is_none(words):
    assert account_on(words) == ""


def test_a_number_of_as_many_digits_as_the_operator_has_goes_first():
    bill = "Account no. 1234567\nAccount: 3412 88001"
    assert account_on(bill) == "1234567"
    assert account_on(bill, operator_called("T-Mobile USA").account_digits) == "3412 88001"


def test_the_telephone_number_is_no_account_number():
    bill = "Account: 415-555-2000\nCustomer no: 77 120 04"
    assert account_on(bill, others=["+14155552000"]) == "77 120 04"
