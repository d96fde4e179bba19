"""Comparing a bill with the answers of the form."""

import logging
import time
from datetime import date, timedelta

import pytest

from service.porting.bill_check import Reading, reading_of
from service.porting.bill_dates import billed_on
from service.porting.models import Document, PortNumber, PortProject
from service.porting.pdf_text import LONGEST, words_of
from service.porting.spelling import normal
from service.time import now
from tests.factories import BILL, a_bill, a_printed_bill

TODAY = date(2026, 3, 2)
PRINTED = "\n".join(BILL)


def project(words=PRINTED, **answers):
    """Alice's draft as she filled it in, with a bill of these words."""
    said = {
        "subscriber_name": "Alice's Bakery LLC",
        "street": "1 Main Street",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
        "country": "US",
        "account_number": "1000200030",
        **answers,
    }
    return PortProject(
        numbers=[PortNumber(number="+14155552000")], documents=[Document(words=words, made_at=now())], **said
    )


def asked(*lines, **answers):
    return {question.field: question.seen for question in reading_of(project(*lines, **answers)).questions}


@pytest.fixture(autouse=True)
def _today(clock):
    """Today is March 2."""


def test_what_is_spelled_the_operators_way_is_no_question():
    assert asked() == {}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1 Main Street", "1 MAIN ST."),
        ("12 North Ocean Boulevard, Suite 4", "12 N OCEAN BLVD # 4"),
        ("Smith & Sons Company", "SMITH AND SONS CO"),
        ("O'Hara Inc.", "OHARA INC"),
        ("1 St. Paul Avenue", "1 Saint Paul Ave"),
        ("PO Box 12", "P.O. BOX 12"),
        ("P O Box 12", "Post Office Box 12"),
        ("415 E 9th St, Unit 2", "415 E 9TH ST #2"),
        ("1 Main Street Apt 5", "1 MAIN ST UNIT 5"),
        ("9 Elm Ct Apt #5", "9 ELM CT # 5"),
        ("Fort Jackson", "FT. JACKSON"),
        ("Mount Vernon", "MT VERNON"),
        ("Café Söder", "CAFE SODER"),
        ("Café", "Cafe\N{COMBINING ACUTE ACCENT}"),
        ("Saint-Jérôme", "ST JEROME"),
        ("O’Brien’s", "O`BRIEN´S"),
        ("O'Brien's", "OʼBRIEN′S"),
    ],
)
def test_an_address_has_many_spellings_and_one_meaning(ours, theirs):
    assert normal(ours) == normal(theirs)


@pytest.mark.parametrize(
    ("field", "ours", "theirs"),
    [
        ("street", "11 Main Street", "1 MAIN ST"),
        ("street", "1 Maine Street", "1 MAIN ST"),
        ("subscriber_name", "Alices Bakery Inc", "ALICE'S BAKERY LLC"),
        ("city", "San Fransisco", "SAN FRANCISCO"),
        ("postal_code", "94106", "94105-1234"),
    ],
)
def test_what_differs_is_a_question_with_both_spellings(field, ours, theirs):
    assert asked(**{field: ours}) == {field: theirs}


def test_what_is_like_nothing_on_the_bill_is_a_question_too():
    assert asked(subscriber_name="Bob's Garage") == {"subscriber_name": ""}


def test_of_a_wrong_account_number_the_right_one_is_not_shown():
    assert asked(account_number="1000200031") == {"account_number": ""}


def test_a_bill_of_another_number_is_a_question():
    assert asked(PRINTED.replace("555-2000", "555-2001")) == {"number": ""}


@pytest.mark.parametrize(
    "written",
    [
        "070-123 45 67",
        "0701234567",
        "+46 (0)70-123 45 67",
        "0046 70 123 45 67",
        "070\N{NON-BREAKING HYPHEN}123\N{NO-BREAK SPACE}45\N{NO-BREAK SPACE}67",
        "Kundnr 114 55 201 070-123 45 67 299,00",
        "070-123 45\n67",
    ],
)
def test_a_number_is_found_as_its_country_writes_it(written):
    swedish = project(written, country="SE")
    swedish.numbers = [PortNumber(number="+46701234567")]
    assert "number" not in {question.field for question in reading_of(swedish).questions}


@pytest.mark.parametrize("written", ["070-123 45 68", "0701234567890", "+1 701 234 567", "9070-123 45 67"])
def test_another_number_is_not_found(written):
    swedish = project(written, country="SE")
    swedish.numbers = [PortNumber(number="+46701234567")]
    assert "number" in {question.field for question in reading_of(swedish).questions}


@pytest.mark.parametrize(
    "written", ["4155552000", "1-415-555-2000", "415.555.2000", "415 555 2000 031", "415-555-\n2000"]
)
def test_an_american_number_is_found_in_every_spelling(written):
    assert "number" not in asked(written)


def test_a_field_that_is_not_filled_in_is_no_question():
    assert asked(street="", account_number=None) == {}


def test_a_bill_that_is_still_being_read_or_has_no_words_says_so():
    assert reading_of(project(None)) == Reading(readable=None)
    assert reading_of(project("")).readable is False
    assert reading_of(PortProject(documents=[])) is None


def test_a_bill_that_nobody_has_read_in_two_minutes_is_overdue(clock):
    port = project(None)
    clock.jump(timedelta(minutes=2, seconds=1))
    assert reading_of(port) == Reading(readable=None, overdue=True)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Statement date: Feb 20, 2026\nTotal due by March 20, 2026", date(2026, 2, 20)),
        ("Total due 02/28/2026  Bill date 02/03/2026", date(2026, 2, 3)),
        ("Invoice date\n2026-01-15", date(2026, 1, 15)),
        ("Issued 5 January 2026", date(2026, 1, 5)),
        ("Service from 01/01/26 to 01/31/26", date(2026, 1, 31)),
        ("Due Mar 20, 2026", None),
        ("Account 13/45/2026", None),
    ],
)
def test_a_bill_tells_its_day(said, day):
    assert billed_on(said, TODAY, "US") == day


def test_elsewhere_the_day_stands_before_the_month():
    assert billed_on("Bill date 03/02/2026", TODAY, "GB") == date(2026, 2, 3)


@pytest.mark.parametrize(("day", "old"), [("Jan 30, 2026", True), ("Jan 31, 2026", False)])
def test_a_bill_of_more_than_thirty_days_ago_is_old(day, old):
    assert reading_of(project(f"Statement date: {day}")).old is old


def test_a_printed_bill_is_read_and_a_photo_has_no_words():
    assert words_of(a_printed_bill(*BILL)).splitlines()[1] == "ALICE'S BAKERY LLC"
    assert words_of(a_bill()) == ""


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-", b"%PDF-1.7\n1 0 obj << /Pages 1 0 R >>", a_printed_bill("x")[:-200]]
)
def test_what_cannot_be_read_has_no_words_and_leaves_none_in_the_log(content, caplog):
    with caplog.at_level(logging.DEBUG):
        assert words_of(content) in {"", "x"}
    assert caplog.text == ""


@pytest.mark.parametrize("printed", ["070-123 45 67", "+46 70 123 45 67", "+46 (0)70-123 45 67", "0046701234567"])
def test_a_swedish_number_is_found_in_its_national_spellings(printed):
    moving = project(f"Faktura\nNummer: {printed}\n")
    moving.numbers = [PortNumber(number="+46701234567")]
    assert "number" not in {question.field for question in reading_of(moving).questions}


def test_another_number_on_the_bill_is_a_question():
    moving = project("Faktura\nNummer: 070-123 45 68\n")
    moving.numbers = [PortNumber(number="+46701234567")]
    assert "number" in {question.field for question in reading_of(moving).questions}


HOSTILE = {
    "one word": "main " * 8000,
    "two words": "a b " * 10_000,
    "codes": "CA 94105 " * 4400,
    "numbers": "415-555-2671 " * 3000,
    "figures": "1 " * 20_000,
    "signs": "(" * 40_000,
    "dates": "2026-01-01 " * 3600,
    "captions": "Bill date: Jan 1, 2026 due\n" * 1500,
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_a_bill_that_was_made_to_keep_us_busy_is_compared_in_a_moment(words):
    port = project(words[:LONGEST], subscriber_name="main street " * 8, street="a b " * 25, city="a " * 50)
    port.numbers = [PortNumber(number=f"+1415555{line}") for line in range(3000, 4000)]
    began = time.process_time()
    assert {question.field for question in reading_of(port).questions} >= {"account_number"}
    assert time.process_time() - began < 5  # of a processor; without the bounds minutes
