"""A business registers for texts: form, question, refusal, correction, approval. What it reads is in each language."""

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect
from sqlalchemy import select

from service.accounts.models import User
from service.language import Language
from service.web.shell import languages
from tests.browser.pages import opened
from tests.registering import passing_days

WRITTEN = {
    "EIN": "12-3450795",
    "Street address": "1 Main Street",
    "City": "San Francisco",
    "State": "CA",
    "ZIP code": "94105",
    "First name": "Alice",
    "Last name": "Baker",
    "Mobile number": "(415) 555-2671",
}


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)


@pytest.fixture
def days(services, world, clock, work_aside):
    return passing_days(services, world, clock, work_aside)


@pytest.fixture
def says(app, services):
    """The page of the registration says these English words, in the words of each language."""

    def look(words):
        with services.sessions() as session:
            alice = session.scalars(select(User.fs_uniquifier)).one()
        for language in Language:
            page = opened(app, services, alice, "registration.show", {}, language)
            assert in_words_of(language, words) in page.get_text(), (language, words)

    return look


def in_words_of(language, words):
    if language is Language.ENGLISH:
        return words
    catalogue = Path(languages.__file__).parents[1] / "locales" / language / "LC_MESSAGES" / "messages.po"
    with catalogue.open("rb") as written:
        return read_po(written)[words].string


def test_a_business_is_asked_refused_corrected_and_approved(tab, signed_up, field, says, days, stop):
    tab.goto("/texting")
    says("Register for texting")
    for label, typed in WRITTEN.items():
        tab.get_by_label(label, exact=True).fill(typed)
    tab.get_by_label("Type of business").select_option("llc")
    tab.get_by_label("Industry").select_option("food")
    field("Website").fill("bakery.example")
    tab.get_by_label("They text or call us first").check()
    tab.get_by_label("I agree to these costs").check()
    send = tab.get_by_role("button", name="Send the registration")
    send.click()
    expect(tab.get_by_text("Does yours end like this?")).to_have_count(2)
    stop("doubts")
    tab.get_by_role("button", name="Use this wording").click()
    expect(field("Legal name")).to_have_value("Alice's Bakery LLC")
    send.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your business is being checked")
    says("Your business is being checked")

    days(1)
    tab.reload()
    expect(tab.get_by_text("The EIN and the name do not belong together")).to_be_visible()
    expect(tab.get_by_label("City")).to_have_count(0)
    says("Something has to be corrected")
    stop("refused")
    field("EIN").fill("12-3456789")
    tab.get_by_label("I agree to these costs").check()
    send.click()

    days(1)
    says("In carrier review")
    days(16)
    tab.reload()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Texting is on")
    says("Texting is on")
    stop("registered")
