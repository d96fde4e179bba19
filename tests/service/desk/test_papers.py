"""The documents of an order worked by hand, read from the finished PDF."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from provisioning.contract.porting import (
    Address,
    FiledNumber,
    Filing,
    Paper,
    Remaining,
    Subscriber,
    SubscriberKind,
)
from service.desk.papers import letter_pdf, letter_text, order_sheet
from service.errors import Invalid
from service.language import Language

AMERICAN = Filing(
    reference="b4f-1",
    numbers=(FiledNumber("+18007362671", "4242"), FiledNumber("+18007362672", "4242")),
    subscriber=Subscriber(
        kind=SubscriberKind.BUSINESS,
        name="Alice's Bakery LLC",
        authorized_person="Alice Baker",
        authorized_email="alice@bakery.example",
        address=Address("1 Main Street", "San Francisco", "CA", "94105", "US", "Suite 3"),
        account_number="1000200030",
        billing_number="+18007362671",
    ),
    bill=Paper("bill.png", "image/png", b""),
    wished=date(2026, 4, 7),
    remaining=Remaining.KEEP,
    new_billing_number="+14155552671",
)
SWEDISH = replace(
    AMERICAN,
    numbers=(FiledNumber("+46850012345"),),
    subscriber=replace(
        AMERICAN.subscriber,
        name="Åkessons Bageri AB",
        authorized_person="Östen Åkesson",
        address=Address("Storgatan 1", "Växjö", "", "352 30", "SE"),
        subscriber_id="5560360793",
        billing_number="",
        account_number="",
    ),
    wished=None,
    remaining=None,
    new_billing_number="",
)


def signed_by(person):
    return replace(AMERICAN, subscriber=replace(AMERICAN.subscriber, authorized_person=person))


def text_of(paper):
    pages = PdfReader(BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def sheet():
    return text_of(order_sheet(AMERICAN))


@pytest.mark.parametrize(
    "fact",
    [
        "b4f-1",
        "2026-04-07",
        "+1 800-736-2671",
        "+1 800-736-2672",
        "4242",
        "Alice's Bakery LLC",
        "1 Main Street, Suite 3, San Francisco CA 94105, United States",
        "1000200030",
        "Alice Baker",
        "alice@bakery.example",
        "They go on, with the new main number +1 415-555-2671",
    ],
)
def test_the_order_sheet_says_everything_the_operator_has_to_know(sheet, fact):
    assert fact in sheet


def test_the_letter_names_holder_numbers_and_signer_but_no_secret():
    words = text_of(letter_pdf(AMERICAN))
    assert "Letter of authorization" in words
    assert "Alice Baker, for Alice's Bakery LLC" in words
    assert "+1 800-736-2672" in words
    assert "RespOrg" in words
    assert "4242" not in words
    assert "1000200030" not in words


def test_papers_for_a_swedish_number_are_in_swedish_and_carry_the_organisation_number():
    assert "Fullmakt för nummerflytt" in text_of(letter_pdf(SWEDISH))
    sheet = text_of(order_sheet(SWEDISH))
    assert "Åkessons Bageri AB" in sheet
    assert "5560360793" in sheet
    assert "Snarast möjligt" in sheet


def test_a_swedish_address_has_the_postal_code_before_the_town():
    for paper in (order_sheet, letter_pdf):
        assert "Storgatan 1, 352 30 Växjö, Sverige" in text_of(paper(SWEDISH))
    assert "352 30 Växjö" in letter_text(SWEDISH, Language.ENGLISH)


def test_what_was_not_given_and_is_not_needed_leaves_no_hole():
    sheet = text_of(order_sheet(SWEDISH))
    assert "Kod för flytt" not in sheet
    assert "Kundnummer" not in sheet


@pytest.mark.parametrize("paper", [order_sheet, letter_pdf])
@pytest.mark.parametrize(
    ("field", "blank"),
    [
        ("subscriber_name", {"name": " "}),
        ("authorized_person", {"authorized_person": ""}),
        ("authorized_email", {"authorized_email": ""}),
        ("street", {"address": replace(AMERICAN.subscriber.address, street="")}),
        ("city", {"address": replace(AMERICAN.subscriber.address, city="")}),
        ("region", {"address": replace(AMERICAN.subscriber.address, region="")}),
        ("postal_code", {"address": replace(AMERICAN.subscriber.address, postal_code="")}),
    ],
)
def test_a_blank_field_is_named_instead_of_a_paper_with_a_hole(paper, field, blank):
    with pytest.raises(Invalid) as refusal:
        paper(replace(AMERICAN, subscriber=replace(AMERICAN.subscriber, **blank)))
    assert list(refusal.value.fields) == [field]


def test_numbers_that_stay_need_their_new_main_number():
    with pytest.raises(Invalid) as refusal:
        order_sheet(replace(AMERICAN, new_billing_number=""))
    assert list(refusal.value.fields) == ["new_billing_number"]


def test_a_swedish_number_needs_the_holders_own_number():
    with pytest.raises(Invalid) as refusal:
        letter_pdf(replace(SWEDISH, subscriber=replace(SWEDISH.subscriber, subscriber_id="")))
    assert list(refusal.value.fields) == ["subscriber_id"]


@pytest.mark.parametrize("name", ["Łukasz Ström-Żak", "Győző Țepeș", "Иван Жуков", "Ελένη", "Nguyễn Thị"])
def test_names_stand_on_the_papers_as_they_are_written(name):
    assert f"{name}, for Alice's Bakery LLC" in text_of(letter_pdf(signed_by(name)))


def test_marks_that_came_apart_from_their_letter_stand_on_it():
    assert "Ström, for" in text_of(letter_pdf(signed_by("Stro\u0308m")))


@pytest.mark.parametrize("blank", list("\t\n\r\v\f\x85\xa0\u2003\u2009\u202f\u2028\u3000"))
def test_words_stay_apart_whatever_blank_stands_between_them(blank):
    named = replace(AMERICAN, subscriber=replace(AMERICAN.subscriber, name=f"Alice{blank}Bakery"))
    for paper in (order_sheet, letter_pdf):
        assert "Alice Bakery" in text_of(paper(named))
    assert "Alice Bakery" in " ".join(letter_text(named, Language.ENGLISH).split())


@pytest.mark.parametrize("hidden", list("\u200b\u00ad\u2060\ufeff\u202e\x07"))
def test_what_cannot_be_seen_is_not_printed_and_refuses_nothing(hidden):
    assert "Alice Baker, for" in text_of(letter_pdf(signed_by(f"Alice Ba{hidden}ker")))


def test_letters_that_cannot_be_printed_are_refused_and_not_replaced():
    with pytest.raises(Invalid) as refusal:
        letter_pdf(replace(AMERICAN, subscriber=replace(AMERICAN.subscriber, name="株式会社")))
    assert list(refusal.value.fields) == ["subscriber_name"]


def test_a_thousand_numbers_stand_on_the_papers():
    many = tuple(FiledNumber(f"+1415555{line:04}") for line in range(2000, 3000))
    words = text_of(letter_pdf(replace(AMERICAN, numbers=many)))
    assert "+1 415-555-2000" in words
    assert "+1 415-555-2999" in words
