"""Prices, terms and privacy are the operator's; until they are written, pages say so."""

from dataclasses import replace

import pytest

from service.operator_texts import Topic


@pytest.fixture
def written(app, services, tmp_path):
    """Give the operator's texts a folder, and write files into it."""
    app.extensions["services"] = replace(services, settings=replace(services.settings, operator_texts=tmp_path))

    def write(name, words):
        (tmp_path / name).write_text(words, encoding="utf-8")

    return write


@pytest.mark.parametrize("topic", Topic)
def test_a_page_without_a_text_says_that_there_is_none_and_whom_to_ask(reader, topic):
    page = reader.get("prices.show" if topic is Topic.PRICES else f"legal.{topic}")
    assert page.says("The people who run this service haven’t published their")
    assert page.says("To ask, email hello@portline.invalid.")


def test_the_text_is_shown_with_its_headings_and_links(reader, written):
    written("terms.en.md", "## Paying\n\nBy the [10th](https://bakery.example).")
    page = reader.get("legal.terms")
    assert page.select_one(".prose h2").text == "Paying"
    assert page.select_one(".prose a")["href"] == "https://bakery.example"
    assert not page.says("haven’t published")


def test_nothing_in_a_text_runs(reader, written):
    written("privacy.en.md", "Hi<script>alert(1)</script> <a href='javascript:alert(1)' onclick='x'>there</a>")
    prose = str(reader.get("legal.privacy").select_one(".prose"))
    assert not any(bad in prose for bad in ("script", "onclick"))


def test_a_reader_gets_their_language_or_else_english(reader, written):
    written("terms.en.md", "Be kind.")
    written("terms.sv.md", "Var snäll.")
    swedish = reader.get("legal.terms", headers={"Accept-Language": "sv"})
    assert (swedish.select_one(".prose")["lang"], swedish.select_one(".prose").text.strip()) == ("sv", "Var snäll.")
    spanish = reader.get("legal.terms", headers={"Accept-Language": "es"})
    assert (spanish.select_one(".prose")["lang"], spanish.select_one(".prose").text.strip()) == ("en", "Be kind.")


def test_the_front_page_tells_the_prices_and_the_countries(reader, written):
    written("prices.en.md", "$12 a month for a line.")
    page = reader.get("front.landing")
    assert page.says("$12 a month for a line.")
    assert page.says("Transfer numbers from: United States")
    assert page.says("Call and text: United States, Canada.")


def test_the_page_of_prices_tells_what_the_settings_know(app, reader, services):
    known = replace(services.settings, number_price="$3 a month", single_business=False)
    app.extensions["services"] = replace(services, settings=known)
    page = reader.get("prices.show")
    assert page.says("Each further number $3 a month")
    assert page.says("Registering the business, once $")
    assert page.says("Call and text United States, Canada")


def test_the_page_of_prices_names_no_price_that_is_not_known(reader, services, app):
    app.extensions["services"] = replace(services, settings=replace(services.settings, single_business=True))
    page = reader.get("prices.show")
    assert "$" not in page.select_one("main").text
    assert page.says("At the limit they stop, and we tell you.")
