"""The public status page of a port."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select

from service.language import Language
from service.notifications.models import Notification
from tests.factories import OWN

PRIVATE = ("Alice Baker", "alice@bakery.example", "1 Main Street", "94105", "1000200030", "PIN-4242")


@pytest.fixture
def link(alice):
    """The link that Alice finds on her own page."""

    def find(public_id):
        return alice.get("ports.show", public_id=public_id).select_one(".paper a")["href"]

    return find


def test_a_stranger_with_the_link_sees_where_the_number_is(reader, filed, link):
    page = reader.open(link(filed()))
    assert page.says("Waiting for the signature.")
    assert page.says("The person in charge of the account has a letter to sign.")
    assert page.says("Your own number works at your provider, as always.")
    assert page.says("You sent the request.")


def test_nothing_private_stands_on_the_page_outside(reader, filed, link):
    address = link(filed(account_number="1000200030", pin="PIN-4242"))
    for page in (reader.open(address), reader.open(f"{address}/progress")):
        assert [secret for secret in PRIVATE if secret in page.text] == []
    assert not reader.open(address).select("main form, main button")


def test_nothing_private_stands_there_about_many_numbers_either(reader, filed, link):
    page = reader.open(link(filed(*(f"+1415555{line}" for line in range(2000, 2013)))))
    assert page.says("The person in charge of the account has a letter to sign.")
    assert [secret for secret in PRIVATE if secret in page.text] == []
    assert not page.select("main a.btn")


def test_the_page_outside_keeps_itself_up_to_date_by_its_own_link(reader, filed, link, signed):
    page = reader.open(link(filed()))
    fragment = page.select_one("[data-refresh]")["data-refresh"]
    signed()
    assert reader.open(fragment).says("Moves Monday, March 9 at 8:00 AM (Pacific Daylight Time)")


def test_an_ended_link_opens_nothing_and_a_new_one_is_another(alice, reader, filed, link):
    public_id = filed()
    old = link(public_id)
    assert alice.submit(button="Turn off link").says("People need to sign in to see this page.")
    assert reader.open(old, status=404).says("This link was turned off.")
    alice.submit(button="Create a link")
    assert link(public_id) != old
    reader.open(old, status=404)
    reader.open(link(public_id))
    log = alice.get("changes.listing")
    assert log.says("Turned off the link to follow (415) 555-2000")
    assert log.says("Created a link to follow (415) 555-2000")


@pytest.mark.parametrize("token", ["x", "MQ.abc", "W10.xUGmO7pOEuM4sX2l6yhMvsn1VmA"])
def test_a_made_up_link_opens_nothing(reader, token):
    reader.get("status_page.show", token=token, status=404)


def test_a_helper_cannot_end_the_link(bob, filed):
    bob.get("ports.show", public_id=filed())
    bob.submit(button="Turn off link", status=403)


def test_the_page_outside_speaks_the_customers_language(reader, filed, link):
    assert reader.open(link(filed(language=Language.SWEDISH))).html["lang"] == "sv"


def test_messages_lead_to_the_link_and_what_is_to_be_done_to_its_page(services, filed, link):
    public_id = filed()
    with services.sessions.begin() as session:
        links = {row.kind: row.facts["link"] for row in session.scalars(select(Notification))}
    assert links["submitted"] == link(public_id)
    assert links["signature_wanted"].endswith(f"/ports/{public_id}?in=en")


def test_without_a_date_a_range_of_days_is_told_and_no_hour(alice, filed):
    page = alice.get("ports.show", public_id=filed())
    assert page.says("Expected between Monday, March 9 and Monday, March 23")
    assert page.says("Your provider sets the date")


def test_the_date_can_be_put_in_a_calendar_and_moves_there(reader, filed, signed, link, world, work):
    public_id = filed()
    address = f"{link(public_id)}/move.ics"
    reader.open(address, status=404)
    signed()
    (event,) = Calendar.from_ical(reader.client.get(address).data).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2026, 3, 9, 15, tzinfo=UTC)
    world.move_date(OWN, date(2026, 3, 12))
    work()
    (moved,) = Calendar.from_ical(reader.client.get(address).data).walk("VEVENT")
    assert (moved["UID"], moved.decoded("DTSTART").day) == (event["UID"], 12)
    assert moved["SEQUENCE"] > event["SEQUENCE"]
