"""A business registers for texts in each language: form, question, refusal, correction, approval."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

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
DOUBT = "Names that differ from the tax letter are refused most often. Does yours end like this?"
REASON = "The EIN and the name do not belong together in the tax office’s records. Check both on your tax letter."


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)


@pytest.fixture
def days(services, world, clock, work_aside):
    return passing_days(services, world, clock, work_aside)


@pytest.fixture
def fill(tab, say):
    """Type into fields by their English labels."""

    def type_in(written):
        for label, typed in written.items():
            tab.get_by_label(say(label), exact=True).fill(typed)

    return type_in


@pytest.fixture
def heading(tab, say):
    """The page has this heading."""
    return lambda words: expect(tab.get_by_role("heading", level=1)).to_have_text(say(words))


@pytest.mark.usefixtures("signed_up")
@pytest.mark.parametrize("locale", ["en-US", "sv-SE", "es-US", "fr-CA"])
def test_a_business_is_asked_refused_corrected_and_approved(tab, fill, field, say, heading, days, stop):
    tab.goto("/texting")
    fill(WRITTEN)
    field("Website").fill("bakery.example")
    tab.get_by_label(say("Type of business")).select_option("llc")
    tab.get_by_label(say("Industry")).select_option("food")
    tab.get_by_label(say("They text or call us first")).check()
    agree_and_send(tab, say)
    expect(tab.get_by_text(say(DOUBT))).to_have_count(2)
    stop("doubts")
    tab.get_by_role("button", name=say("Use this wording")).first.click()
    expect(field("Legal name")).to_have_value("Alice's Bakery LLC")
    tab.get_by_role("button", name=say("Send the registration")).click()
    heading("Your business is being checked")

    days(1)
    tab.reload()
    expect(tab.get_by_text(say(REASON))).to_be_visible()
    expect(tab.get_by_label(say("City"), exact=True)).to_have_count(0)
    stop("refused")
    fill({"EIN": "12-3456789"})
    agree_and_send(tab, say)

    days(1)
    tab.reload()
    heading("In carrier review")
    days(16)
    tab.reload()
    heading("Texting is on")
    stop("registered")


def agree_and_send(tab, say):
    tab.get_by_label(say("I agree to these costs, and confirm that the answers are true.")).check()
    tab.get_by_role("button", name=say("Send the registration")).click()
