"""The pages of a number at the second carrier: it has a PIN of its own, and does not ring in browsers."""

from functools import partial

import pytest
from sqlalchemy import select

from provisioning.carriers import telnyx
from service.accounts.models import Membership
from service.lines.models import PhoneNumber
from service.wiring import addresses_with
from tests.provisioning.rehearsal import AT_TELNYX


@pytest.fixture
def carriers(carriers, to_carrier, settings):
    address = partial(addresses_with(settings), "telnyx")
    return carriers | {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address)}


@pytest.fixture
def number(services, line):
    """A number that lives at the second carrier."""
    with services.sessions.begin() as session:
        number = session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line.id)).one()
        number.carrier = "telnyx"
    return number


def test_the_owner_makes_a_pin_and_a_new_one_and_it_is_logged_without_them(alice, number, services):
    page = alice.get("port_out.show", number_id=number.id)
    assert page.says("None yet")
    page = alice.submit(button="Make a PIN")
    first = page.select(".facts code")[-1].text
    assert page.says("Our carrier is still getting it.")
    page = alice.submit(button="Make a new PIN")
    second = page.select(".facts code")[-1].text
    assert first != second
    log = alice.get("changes.listing")
    assert log.says("Made a new transfer PIN for")
    assert not log.says(first)
    assert not log.says(second)


def test_an_administrator_makes_none(alice, app, known, bakery, number):
    admin = type(alice)(app, known("dora", bakery, Membership.ADMIN))
    admin.get("port_out.show", number_id=number.id, status=403)


def test_where_the_account_has_one_pin_none_is_made(alice, services, line):
    with services.sessions() as session:
        ours = session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line.id)).one()
    page = alice.get("port_out.show", number_id=ours.id)
    assert not [button for button in page.select("main button") if "PIN" in button.text]


def test_the_page_says_that_its_calls_do_not_ring_in_browsers(alice, number, services):
    says = "Calls to this number don’t ring in browsers."
    assert alice.get("number.show", number_id=number.id).says(says)
    with services.sessions.begin() as session:
        session.get_one(PhoneNumber, number.id).carrier = "twilio"
    assert not alice.get("number.show", number_id=number.id).says(says)
