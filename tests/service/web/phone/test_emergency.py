"""Emergency numbers: put through from a number whose address is registered, and refused with what to dial elsewhere."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy import select, update

from provisioning.contract.porting import Address
from service.calls.changing import keep
from service.calls.nodes import usual
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Outcome
from service.lines.inventory import numbers_of
from service.lines.models import BrowserPhone, Line, NumberRole, Phone, PhoneNumber
from service.quotas import Quota
from service.spending.models import Allowance, Expense
from service.time import now
from tests.lesser_carrier import without

DIAL_911 = "You can’t call emergency services from here. Dial 911 on a mobile phone or landline."
OAKLAND = Address("1 Main St", "Oakland", "CA", "94601", "US")
NO_MONEY = {
    "spend_per_day": Decimal(0),
    "workspace_spend_per_day": Decimal(0),
    "new_workspace_spend_per_day": Decimal(0),
}


@pytest.fixture
def limits():
    """The operator has tried emergency calls, and switched them on."""
    return {"emergency_calls": ("911", "933")}


@pytest.fixture
def ask(app, alice, line):
    """Alice's window is open; it calls a number."""
    app.config["WTF_CSRF_ENABLED"] = False
    alice.client.post(alice.address("phone.awake"))

    def ask(number, line_id=line.id):
        return alice.client.post(alice.address("phone.call"), data={"line": line_id, "number": number})

    return ask


@pytest.fixture
def number(services, line):
    with services.sessions() as session:
        return numbers_of(session, line.id)[0]


@pytest.fixture
def change(services, number):
    """Set what is known of the line's number."""

    def change(**known):
        with services.sessions.begin() as session:
            session.execute(update(PhoneNumber).where(PhoneNumber.id == number.id).values(known))

    return change


@pytest.fixture
def addressed(services, number, change):
    """The address of the line's number is registered, at the carrier too."""
    services.network(number.carrier).emergency.register(number.reference, "Alice's Bakery", OAKLAND)
    change(emergency_address="1 Main St, Oakland")


@pytest.fixture
def window(services, world, ask):
    """How the window's person takes the call that the window asked for: at once."""
    with services.sessions() as session:
        dialed = session.scalars(select(BrowserPhone.number)).one()
    return world.phone(f"client:{dialed.removeprefix('browser:')}", answers="answer after 0")


@pytest.fixture
def in_the_window(world, window):
    """The call of the window at the carrier."""
    return lambda: [call for call in world.state.calls.values() if call.direction == "outbound-api"][-1]


def stored(services, row):
    with services.sessions() as session:
        return session.scalars(select(row)).all()


def test_help_is_called_from_a_number_whose_address_is_registered(
    ask, addressed, in_the_window, number, work, services
):
    told = ask("911").json
    assert told["notice"] == (
        "Calling 911. They see this address: 1 Main St, Oakland. If you’re somewhere else, tell them first."
    )
    assert told["farewell"].endswith("If you still need help, dial 911 on a mobile phone or landline.")
    work()
    assert in_the_window().transcript[:3] == [
        f"911 sees {number.number} at 1 Main St, Oakland",
        "rings 911",
        "911 answers",
    ]
    [call] = stored(services, Call)
    assert (told["call"], call.outcome, call.number) == (call.id, Outcome.ANSWERED, number.number)
    assert call.seconds > 0
    assert [contact.number for contact in stored(services, Contact)] == ["911"]


def test_it_is_rung_in_one_step_without_a_word_before_it_and_not_recorded(
    ask, addressed, in_the_window, services, line, work
):
    with services.sessions.begin() as session:
        keep(session, session.get_one(Line, line.id), replace(usual(), recorded=True))
    ask("911")
    work()
    assert not any(words.startswith(("says", "plays", "waits")) for words in in_the_window().transcript)
    [call] = stored(services, Call)
    assert call.recording_url == ""


@pytest.mark.parametrize("limits", [{"emergency_calls": ("911",), **NO_MONEY}])
def test_no_cap_no_quota_and_no_pause_stands_in_the_way(ask, addressed, in_the_window, services, line, work, limits):
    with services.sessions.begin() as session:
        here = session.get_one(Line, line.id).workspace_id
        session.merge(Allowance(workspace_id=here, paused_at=now()))
    assert "notice" in ask("911").json
    work()
    assert "911 answers" in in_the_window().transcript
    assert stored(services, Expense)[-1].amount > 0


@pytest.mark.parametrize("limits", [{"emergency_calls": ("911",), "quotas": ((Quota.CONTACTS, 0),)}])
def test_no_quota_of_contacts_stands_in_the_way(ask, addressed, limits):
    assert "notice" in ask("911").json


def test_no_limit_on_calls_out_stands_in_the_way(ask, addressed):
    for _ in range(61):
        ask("911")
    assert "notice" in ask("9-1-1").json
    for _ in range(60):
        ask("415")
    assert ask("415").status_code == RateLimitExceeded.code


def test_the_test_number_reads_out_the_address(ask, addressed, in_the_window, number, work):
    ask("933")
    work()
    assert in_the_window().transcript[0] == f"933 sees {number.number} at 1 Main St, Oakland"


@pytest.mark.parametrize("answers", ["failed", "busy", "no-answer"])
def test_where_the_carrier_does_not_put_it_through_our_voice_says_what_to_dial(
    ask, addressed, in_the_window, world, services, work, answers
):
    world.phone("911", answers=answers)
    ask("911")
    work()
    assert (
        "says “Emergency services can’t be reached from here. Dial 9 1 1 on a mobile phone or landline now.”"
        in in_the_window().transcript
    )
    assert [call.outcome for call in stored(services, Call)] == [Outcome.MISSED]


def test_where_the_carrier_no_longer_has_the_address_the_call_goes_out_all_the_same(
    ask, addressed, in_the_window, services, number, work
):
    services.network(number.carrier).emergency.forget(number.reference)
    ask("911")
    work()
    assert "a center for the whole country answers" in in_the_window().transcript[0]


@pytest.mark.parametrize("typed", ["911", "9-1-1", " 911 "])
def test_without_an_address_it_is_refused_with_what_to_dial(ask, typed, services):
    answer = ask(typed)
    assert (answer.status_code, answer.json) == (422, {"refusal": DIAL_911})
    assert stored(services, Call) == []
    assert stored(services, Contact) == []


@pytest.mark.parametrize("limits", [{}, {"emergency_calls": ("933",)}])
def test_where_the_operator_has_not_switched_it_on_it_is_refused(ask, addressed, limits):
    assert ask("911").json == {"refusal": DIAL_911}


@pytest.mark.parametrize("facet", ["emergency"])
def test_where_the_carrier_registers_no_addresses_it_is_refused(app, services, carriers, ask, addressed, facet):
    app.extensions["services"] = replace(services, carriers=without(carriers, facet))
    assert ask("911").json == {"refusal": DIAL_911}


@pytest.mark.parametrize("typed", ["112", "999"])
@pytest.mark.parametrize("limits", [{"emergency_calls": ("911", "112", "999")}])
def test_numbers_of_other_countries_are_refused_with_that_of_this_one(ask, addressed, typed, limits):
    assert ask(typed).json == {"refusal": DIAL_911}


def test_a_canadian_number_calls_help_in_canada_and_has_no_test_number(ask, change, services, line):
    with services.sessions.begin() as session:
        session.get_one(Line, line.id).country = "CA"
    change(number="+14165550199", emergency_address="9 Bay St, Toronto")
    assert "9 Bay St, Toronto" in ask("911").json["notice"]
    assert ask("933").json == {"refusal": DIAL_911}


def test_a_number_of_another_country_calls_no_help_here(ask, change):
    change(number="+442079460018", emergency_address="9 Bow St, London")
    assert ask("911").json == {"refusal": DIAL_911}


@pytest.mark.parametrize("is_now", [{"role": NumberRole.ARRIVING}, {"released_at": now()}])
def test_a_number_that_is_coming_or_leaving_calls_no_help(ask, addressed, change, is_now):
    change(**is_now)
    assert ask("911").json == {"refusal": DIAL_911}


def test_nobody_calls_help_from_a_line_of_others(app, charlie, line, addressed):
    app.config["WTF_CSRF_ENABLED"] = False
    asked = {"line": line.id, "number": "911"}
    assert charlie.client.post(charlie.address("phone.call"), data=asked).status_code == 404


def test_a_phone_that_would_ring_first_dials_for_itself(app, alice, addressed, services, line):
    app.config["WTF_CSRF_ENABLED"] = False
    with services.sessions.begin() as session:
        conversation = conversation_with(session, session.get_one(Line, line.id), "911")
        phone = Phone(line_id=line.id, number="+14155550131", name="Van")
        session.add(phone)
        session.flush()
        there, phone_id = conversation.id, phone.id
    assert not alice.get("inbox.read", conversation_id=there).select("[name=phone]")
    address = alice.address("calls.begin", conversation_id=there)
    said = alice.client.post(address, data={"phone": phone_id}, follow_redirects=True).text
    assert DIAL_911 in said
    assert stored(services, Call) == []
