"""What reviewers read, and the legal sentences word for word."""

import pytest

from service.language import Language
from service.notifications.gsm import segments
from service.optins import Way
from service.registration.legal import PRIVACY, confirmation, consent
from service.registration.models import Business, Purpose
from service.registration.wording import word_for_reviewers
from tests.service.registration.test_concerns import a_form

PAGE = "https://portline.example/b/alices-bakery"


def worded(**changes):
    business = a_form(**changes)
    word_for_reviewers(business, PAGE)
    return business


def test_the_consent_says_everything_that_carriers_want_at_the_box():
    assert consent(a_form(), Language.ENGLISH) == (
        "I agree to receive order and delivery text messages from Alice's Bakery at this number. Consent is not a "
        "condition of purchase. Message frequency varies. Message and data rates may apply. Reply STOP to opt out, "
        "HELP for help."
    )


def test_the_privacy_sentence_is_the_one_that_carriers_look_for():
    assert PRIVACY[Language.ENGLISH] == (
        "No mobile information is shared with third parties or affiliates for marketing or promotional purposes. "
        "Opt-in data and consent are shared with no one."
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("purpose", Purpose)
def test_in_every_language_the_box_and_the_first_text_name_the_business_and_how_to_stop(language, purpose):
    for words in (consent(a_form(purpose=purpose), language), confirmation(a_form(purpose=purpose), language)):
        assert "Alice's Bakery" in words
        assert "STOP" in words
        assert "HELP" in words
    assert segments(words) <= 2


@pytest.mark.parametrize("ways", [[], list(Way)])
def test_reviewers_read_every_way_and_texts_of_the_length_that_the_carrier_takes(ways):
    business = worded(ways=ways)
    assert 40 <= len(business.flow) <= 2048
    assert 40 <= len(business.description) <= 4096
    assert all(20 <= len(text) <= 320 for text in (business.help_text, business.stop_text))
    assert PAGE in business.flow
    assert consent(business, Language.ENGLISH) in business.flow
    assert (business.privacy_url, business.terms_url) == (f"{PAGE}/privacy", f"{PAGE}/terms")
    assert ("counter" in business.flow) == (Way.ON_PAPER in ways)


def test_a_business_without_a_website_shows_its_page_here():
    assert worded(website="").website == PAGE


def test_the_longest_names_fit():
    business = Business(legal_name="x" * 100, email=f"{'e' * 40}@{'d' * 52}.example", ways=list(Way))
    word_for_reviewers(business, PAGE)
    assert len(business.flow) <= 2048
    assert len(business.help_text) <= 320
