"""Taking a number to another provider: its lock, what the new provider asks for, and stopping who was not asked."""

import pytest
from sqlalchemy import select

from provisioning.carriers import twilio
from service.accounts.change_log import Action, Change
from service.accounts.models import Membership
from service.lines.models import PhoneNumber
from service.port_outs.links import path_of
from service.port_outs.locking import is_locked
from service.port_outs.losing_side import losing_side
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.requests import note_request
from service.porting.models import PortNumber
from tests.conftest import ACCOUNT, CARRIER_SETTINGS
from tests.factories import OWN
from tests.service.port_outs.conftest import NEW_OPERATOR


@pytest.fixture
def number(services, line):
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line.id)).one()


@pytest.fixture
def request_page(services, number):
    """The page that the link in a notice leads to."""
    with services.sessions.begin() as session:
        port_out = note_request(session, services, number.number, NEW_OPERATOR)
        port_out.state, port_out.locked = PortOutState.ASKED, False
    return path_of(services, port_out)


def facts(page):
    return {row.dt.text: " ".join(row.dd.get_text(" ").split()) for row in page.select(".facts div")}


def test_the_owner_reads_what_a_new_provider_asks_for_and_unlocks_the_number(alice, number, services):
    assert alice.get("number.show", number_id=number.id).says("Locked")
    page = alice.get("port_out.show", number_id=number.id)
    assert facts(page)["Account number"] == ACCOUNT
    assert facts(page)["Transfer PIN"] == "Email us if they ask for one"
    assert facts(page)["Name"] == "Alice's Bakery"
    alice.submit(button="Unlock for two weeks")
    assert alice.page.says("Unlocked until Monday, March 16")
    alice.submit(button="Lock it now")
    assert alice.page.says("Locked")
    with services.sessions() as session:
        actions = list(session.scalars(select(Change.action).order_by(Change.id)))
    seen, unlocked, locked = Action.PORT_OUT_FACTS_SEEN, Action.NUMBER_UNLOCKED, Action.NUMBER_LOCKED
    assert actions == [seen, unlocked, seen, locked]


def test_others_do_not_read_it(alice, bob, charlie, app, known, bakery, number):
    admin = type(alice)(app, known("dora", bakery, Membership.ADMIN))
    assert admin.get("number.show", number_id=number.id).says("The owner can unlock it")
    admin.get("port_out.show", number_id=number.id, status=403)
    bob.get("port_out.show", number_id=number.id, status=403)
    charlie.get("port_out.show", number_id=number.id, status=404)


def test_the_passcode_of_the_account_is_shown_as_pin_and_nowhere_else(services, number, to_carrier):
    carrier = twilio.build({**CARRIER_SETTINGS, "TWILIO_PORT_OUT_PASSCODE": "483920"}, to_carrier)
    assert carrier.network.port_out.pin == "483920"
    assert "483920" not in repr(carrier.network.port_out)


def test_name_and_address_are_those_that_were_filed_when_the_number_came(services, line, filed, signed, clock, work):
    filed(OWN)
    with services.sessions.begin() as session:
        ported = session.merge(line)
        came = PhoneNumber(line=ported, number=OWN, carrier=services.home)
        session.add(came)
        session.flush()
        assert losing_side(session, services, came).holder == "Alice's Bakery"
        session.scalars(select(PortNumber)).one().ported_at = clock.now()
        session.flush()
        found = losing_side(session, services, came)
        session.rollback()
    assert found.holder == "Alice's Bakery LLC"
    assert found.address[0] == "1 Main Street"


def test_who_was_not_asked_stops_it_by_the_link_without_an_account(reader, request_page, services, number):
    page = reader.open(request_page)
    assert page.heading() == "A request for your number"
    assert page.says(f"{NEW_OPERATOR} asked our carrier for")
    with services.sessions() as session:
        assert session.scalars(select(PortOut)).one().state is PortOutState.ASKED, "opening the page does nothing"
    reader.submit(button="This wasn’t me: stop it")
    assert reader.page.says("We’re stopping it")
    with services.sessions() as session:
        assert session.scalars(select(PortOut)).one().state is PortOutState.DISPUTED
        assert is_locked(session.get_one(PhoneNumber, number.id))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PortOutState.DISPUTED, "We’ll write once it has answered."),
        (PortOutState.REFUSED, "Our carrier refused the request."),
        (PortOutState.WITHDRAWN, "The other provider took the request back."),
        (PortOutState.LEFT, "Calls and texts arrive at the new provider."),
    ],
)
def test_the_page_says_where_the_request_stands(reader, request_page, services, state, words):
    with services.sessions.begin() as session:
        session.scalars(select(PortOut)).one().state = state
    page = reader.open(request_page)
    assert page.says(words)
    assert page.select("main form") == []


def test_a_forged_link_leads_nowhere(reader, request_page):
    reader.open("/port-outs/MQ.forged", status=404)
