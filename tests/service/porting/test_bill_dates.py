"""The date of a bill, in any format and among any other dates."""

from datetime import date
from time import perf_counter

import pytest

from service.porting.bill_dates import billed_on
from service.porting.pdf_text import LONGEST

TODAY = date(2026, 3, 2)
TENTH = date(2026, 1, 10)


@pytest.mark.parametrize(
    "written",
    [
        "Jan 10, 2026",
        "January 10 2026",
        "Jan 10th, 2026",
        "Jan. 10, 2026",
        "Jan 10 '26",
        "Jan 10/26",
        "10 Jan 2026",
        "10-Jan-2026",
        "10-JAN-26",
        "10JAN2026",
        "Saturday, January 10, 2026",
        "Sat, 10 Jan 2026",
        "2026/01/10",
        "2026-01-10",
        "2026 Jan 10",
        "01/10/2026",
        "1/10/26",
        "01.10.2026",
        "Jan\N{NO-BREAK SPACE}10,\N{NO-BREAK SPACE}2026",
        "Jan 10,\n2026",
        "2026\N{NON-BREAKING HYPHEN}01\N{NON-BREAKING HYPHEN}10",
        "10\N{EN DASH}Jan\N{EN DASH}2026",
    ],
)
def test_a_date_is_read_in_every_form_of_english(written):
    assert billed_on(f"Bill date: {written}\nDue date: Feb 1, 2026", TODAY, "US") == TENTH


@pytest.mark.parametrize(
    ("caption", "written", "country"),
    [
        ("Fakturadatum", "10 januari 2026", "SE"),
        ("Fakturadatum", "26-01-10", "SE"),
        ("Fakturadatum", "den 10 jan. 2026", "SE"),
        ("Fakturans datum", "lördag den 10 januari 2026", "SE"),
        ("Fakturadatum", "10/1 2026", "SE"),
        ("Fecha de emisión", "10 de enero de 2026", "ES"),
        ("Fecha de factura", "10-ene-2026", "ES"),
        ("FECHA DE EMISION", "10 ENE. 2026", "ES"),
        ("Fecha de emisión", "10/01/2026", "ES"),
        ("Date de facturation", "10 janv. 2026", "CA"),
        ("Date de facturation", "le samedi 10 janvier 2026", "CA"),
        ("Date de facturation", "10 JANVIER 2026", "CA"),
        ("Date d’émission", "10/01/2026", "FR"),
        ("Bill date", "10/01/2026", "GB"),
    ],
)
def test_a_date_is_read_in_the_language_and_order_of_the_country(caption, written, country):
    assert billed_on(f"{caption} : {written}", TODAY, country) == TENTH


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1er février 2026", date(2026, 2, 1)),
        ("12 févr. 2026", date(2026, 2, 12)),
        ("12 FEVR. 2026", date(2026, 2, 12)),
        ("31 août 2025", date(2025, 8, 31)),
        ("31 aou\N{COMBINING CIRCUMFLEX ACCENT}t 2025", date(2025, 8, 31)),
        ("5 maj 2025", date(2025, 5, 5)),
        ("5 okt 2025", date(2025, 10, 5)),
        ("1.º de diciembre de 2025", date(2025, 12, 1)),
        ("2 juin 2025", date(2025, 6, 2)),
        ("2 juil. 2025", date(2025, 7, 2)),
    ],
)
def test_the_months_of_all_our_languages_are_known(written, day):
    assert billed_on(f"Date: {written}", TODAY, "FR") == day


@pytest.mark.parametrize(
    "others",
    [
        "Previous bill date: Feb 20, 2026",
        "Last statement date Feb 20, 2026",
        "Payment due date: Feb 20, 2026",
        "Your rates change on Feb 20, 2026",
        "Date of birth 02/20/2001",
        "ID issued to the holder, expires Feb 20, 2026",
        "Nästa fakturadatum: 20 februari 2026",
        "Fecha de la factura anterior: 20 de febrero de 2026",
        "Date de la facture précédente : 20 février 2026",
    ],
)
def test_days_of_something_else_are_not_the_bills(others):
    assert billed_on(f"{others}\nBill date: Jan 10, 2026\n{others}", TODAY, "US") == TENTH
    assert billed_on(f"{others}\nJanuary 10, 2026", TODAY, "US") == TENTH


@pytest.mark.parametrize(
    "bill",
    [
        "Bill date   Account   Due date\nJan 10, 2026   1000200030   Feb 1, 2026",
        "Due date   Bill date\nFeb 1, 2026   Jan 10, 2026",
        "Invoice number\nInvoice date\nDue date\nA-77\nJan 10, 2026\nFeb 1, 2026",
        "Jan 10, 2026\nInvoice date\nFeb 1, 2026\nPayment due",
        "Invoice date ........ Jan 10, 2026\nPayment due ........ Feb 1, 2026",
        "Service Dec 9, 2025 - Jan 8, 2026   Bill date Jan 10, 2026",
    ],
)
def test_a_caption_may_stand_before_above_or_below_its_date(bill):
    assert billed_on(bill, TODAY, "US") == TENTH


@pytest.mark.parametrize(
    "bill",
    [
        "Fakturadatum: 26-01-10\nFörfallodatum: 26-01-31\nPeriod 25-12-10 - 26-01-09",
        "Fakturadatum: 26-01-10",
    ],
)
def test_figures_mean_what_makes_dates_of_all_of_them(bill):
    assert billed_on(bill, TODAY, "SE") == TENTH


def test_eight_figures_are_a_date_where_no_other_form_is_used():
    bill = "Fakturadatum 20260110 Förfallodatum 20260131"
    assert billed_on(bill, TODAY, "SE") == TENTH
    assert billed_on("Kundnummer 20251224\nUppsala 2026-01-10", TODAY, "SE") == TENTH


def test_one_unmistakable_date_tells_the_order_of_all():
    assert billed_on("Bill date 10/01/2026\nDue 31/01/2026", TODAY, "US") == TENTH


def test_what_looks_like_a_date_and_is_none_is_left_alone():
    for text in (
        "Account 20260110 A",
        "Call 06.12.34.56.78",
        "Version 1.10.2026.4",
        "9 Jan 12 GB",
        "Invoice 2026-0110-A",
    ):
        assert billed_on(f"Bill date\n\n\n{text} Feb 2, 2026", TODAY, "US") == date(2026, 2, 2), text


@pytest.mark.parametrize(
    "text",
    ["1/2/26 ", "1/2/26\n", "jan 10 2026 ", " ", "due date\n", "invoice no ", "facture n", "1", "1/2/2026\ndue date\n"],
)
def test_no_text_makes_reading_slow(text):
    began = perf_counter()
    billed_on(text * (LONGEST // len(text)), TODAY, "US")
    assert perf_counter() - began < 10  # these took from half a second to two minutes while the time was quadratic
