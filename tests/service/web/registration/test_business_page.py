"""The public page of a business: its box is empty at first, what was agreed to is kept, and one text confirms it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service import optouts
from service.inbox.models import Contact, Message
from service.language import Language
from service.optins import OptIn, Way
from service.registration.legal import PRIVACY, consent
from service.spending.models import Allowance
from service.time import now
from tests.factories import CALLER, a_business


@pytest.fixture
def settings(settings):
    """Its numbers text at once."""
    return replace(settings, single_business=True)


@pytest.fixture
def business(services, bakery):
    with services.sessions.begin() as session:
        return a_business(session, bakery.id, slug="alices-bakery", trade_name="Alice's Bakery")


@pytest.fixture
def kept(services):
    def read(kind):
        with services.sessions() as session:
            return list(session.scalars(select(kind)))

    return read


def test_the_box_is_empty_at_first_and_stands_beside_the_words_of_the_law(reader, business):
    page = reader.get("business_page.show", slug="alices-bakery")
    assert page.heading() == "Alice's Bakery"
    assert not page.select_one("#agreed").has_attr("checked")
    assert page.select_one("[for=agreed]").text == consent(business, Language.ENGLISH)
    assert page.says("1 Main Street, San Francisco, CA, 94105")
    assert page.says("Reply STOP to any of our texts")


def test_a_person_who_agrees_is_kept_with_the_words_and_gets_one_text(reader, business, kept, services):
    reader.get("business_page.show", slug="alices-bakery")
    for _ in range(2):
        assert reader.submit(number="415 555 0123", agreed="true").says("Thank you, you are signed up.")
    first, _ = kept(OptIn)
    assert (first.number, first.way, first.words) == (CALLER, Way.OUR_PAGE, consent(business, Language.ENGLISH))
    assert (first.shown, first.network) == ("http://localhost:8000/b/alices-bakery", "127.0.0.1")
    [message] = kept(Message)
    assert message.text.startswith("Alice's Bakery: you agreed to texts about customer service.")
    assert message.automatic


@pytest.mark.parametrize(
    ("typed", "wrong"), [({"number": "415 555 0123"}, "agreed"), ({"number": "nine", "agreed": "true"}, "number")]
)
def test_without_box_or_number_nothing_is_kept(reader, business, kept, typed, wrong):
    reader.get("business_page.show", slug="alices-bakery")
    assert set(reader.submit(status=422, **typed).wrong()) == {wrong}
    assert kept(OptIn) == kept(Message) == kept(Contact) == []


def test_a_number_that_sent_stop_is_not_texted_and_the_page_does_not_give_that_away(reader, business, kept, services):
    with services.sessions.begin() as session:
        optouts.stop(session, CALLER, business.workspace_id)
    reader.get("business_page.show", slug="alices-bakery")
    assert reader.submit(number="415 555 0123", agreed="true").says("Thank you, you are signed up.")
    assert kept(Message) == []


def test_one_network_cannot_have_many_numbers_texted(reader, business):
    reader.get("business_page.show", slug="alices-bakery")
    for place in range(10):
        reader.submit(number=f"415 555 {1000 + place}", agreed="true")
        reader.get("business_page.show", slug="alices-bakery")
    reader.submit(status=429, number="415 555 2000", agreed="true")


@pytest.mark.parametrize("language", Language)
def test_terms_and_privacy_are_in_the_language_of_the_page(reader, business, services, language):
    with services.sessions.begin() as session:
        session.merge(business).language = language
    assert reader.get("business_page.privacy", slug="alices-bakery").says(PRIVACY[language])
    assert reader.page.html["lang"] == language
    assert reader.get("business_page.terms", slug="alices-bakery").says(consent(business, language))
    assert reader.page.says("alice@bakery.example")


@pytest.mark.parametrize("reason", ["unsent", "paused", "unknown"])
def test_there_is_no_page_of_a_business_that_has_sent_nothing_or_is_paused(reader, business, services, reason):
    with services.sessions.begin() as session:
        if reason == "unsent":
            session.merge(business).confirmed_at = None
        elif reason == "paused":
            session.add(Allowance(workspace_id=business.workspace_id, paused_at=now()))
    slug = "no-such" if reason == "unknown" else "alices-bakery"
    for endpoint in ("show", "terms", "privacy"):
        reader.get(f"business_page.{endpoint}", slug=slug, status=404)
