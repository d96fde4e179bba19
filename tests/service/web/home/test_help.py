"""The public help page answers from the tables that the product works by."""

import pytest
from flask_babel import force_locale, gettext

from service.language import Language
from service.porting import kinds
from service.porting.operators import with_internet_numbers

SENTENCES = {
    sentence
    for _, _, rules in kinds._TABLE
    for sentence in (*[one.sentence for one in (*rules.times, *rules.fees)], *rules.ends, rules.warning)
    if sentence
}


@pytest.mark.parametrize("language", Language)
def test_it_says_all_that_the_table_of_kinds_says_and_in_the_readers_language(app, reader, language):
    page = reader.get("help_page.show", headers={"Accept-Language": language.value})
    with app.test_request_context(), force_locale(language.value):
        assert [sentence for sentence in SENTENCES if not page.says(" ".join(gettext(sentence).split()))] == []


def test_it_asks_for_what_the_form_asks_for(reader):
    page = reader.get("help_page.show")
    for country, kind in kinds.DESCRIBED:
        for question in kinds.rules_for_kind(country, kind).questions.values():
            assert not question.required or page.says(question.label)


def test_it_names_every_service_of_internet_numbers_and_what_became_of_skype(reader):
    page = reader.get("help_page.show")
    assert [one.name for one in with_internet_numbers() if not page.says(one.name)] == []
    assert page.says("Skype ended on May 5, 2025")
    assert page.says("Google charges $3 to unlock")


def test_each_question_is_found_from_the_top(reader):
    page = reader.get("help_page.show")
    asked = [link["href"].removeprefix("#") for link in page.select("main nav a")]
    assert len(asked) >= 9
    assert all(page.select_one(f"section h2[id={question}]") for question in asked)


@pytest.mark.parametrize("endpoint", ["front.landing", "signin.ask", "legal.terms"])
def test_visitors_find_it_from_every_page(reader, endpoint):
    assert reader.get(endpoint).select("header a[href='/help']")
    assert reader.page.select("footer a[href='/help']")


def test_a_person_on_the_form_finds_it(alice):
    assert alice.get("bring.ask").select_one("main a[href='/help']")
