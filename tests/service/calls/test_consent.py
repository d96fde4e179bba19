"""Who hears that a call is recorded: by a choice of the line, and by the laws of where both ends are."""

from dataclasses import replace

import phonenumbers
import pytest
from phonenumbers import geocoder
from sqlalchemy import select

from service.calls.area_codes import AREA_CODES, STATES
from service.calls.changing import keep
from service.calls.consent import EVERYBODY, ONE_PERSON, Why, asked_for_by, why_announced
from service.calls.legs import talking
from service.calls.legs.models import Ringing
from service.calls.nodes import Forwarding, usual
from service.inbox.models import Call
from service.lines.models import Line, Phone
from tests.factories import a_line
from tests.service.calls.legs.conftest import Shop
from tests.service.calls.legs.phones import PATIENT, talks

TEXAS, OHIO, CALIFORNIA, FLORIDA = "+12145550101", "+16145550102", "+14155550103", "+13055550104"
TOLL_FREE, STOCKHOLM, VERMONT = "+18005550105", "+46701740605", "+18025550106"
HEARD = "says “This call is recorded.”"
SAID_LATER = ("says “This call is recorded.”", "talks in the conference")


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ((TEXAS, OHIO), Why.NOT_ASKED),
        ((TEXAS, OHIO, "browser:bob"), Why.NOT_ASKED),
        ((TEXAS, f"{OHIO};ext=12"), Why.NOT_ASKED),
        ((TEXAS, CALIFORNIA), "US-CA"),
        ((FLORIDA, TEXAS, CALIFORNIA), "US-CA"),
        ((TEXAS, "+14165550107"), "CA"),
        ((TEXAS, STOCKHOLM), "SE"),
        ((TEXAS, "+4930123456"), "DE"),
        ((TOLL_FREE, CALIFORNIA), "US-CA"),
        ((TEXAS, TOLL_FREE), Why.UNKNOWN),
        ((TEXAS, VERMONT), Why.UNKNOWN),
        ((TEXAS, "+17875550108"), Why.UNKNOWN),
        ((TEXAS, "anonymous"), Why.UNKNOWN),
        ((TEXAS, ""), Why.UNKNOWN),
    ],
)
def test_the_strictest_end_counts_and_an_unknown_one_is_strict(numbers, why):
    assert asked_for_by(numbers) == why


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({}, ""),
        ({"announces_by_law": True}, ""),
        ({"recorded": True}, Why.ALWAYS),
        ({"recorded": True, "announces_by_law": True}, Why.NOT_ASKED),
    ],
)
def test_a_line_always_announces_unless_it_goes_by_the_law(chosen, why):
    assert why_announced(replace(usual(), **chosen), [TEXAS, OHIO]) == why


def test_each_state_is_in_one_list_and_has_a_source():
    assert not ONE_PERSON & EVERYBODY.keys()
    assert ONE_PERSON | {place for place in EVERYBODY if place.startswith("US-")} == AREA_CODES.keys() - {"US-VT"}
    assert all(EVERYBODY.values())
    assert len(STATES) == sum(len(codes.split()) for codes in AREA_CODES.values())


@pytest.mark.parametrize(("state", "name"), [("US-CA", "CA"), ("US-TX", "TX"), ("US-IL", "IL"), ("US-PA", "PA")])
def test_area_codes_are_where_the_library_says(state, name):
    full = {"CA": "California", "TX": "Texas", "IL": "Illinois", "PA": "Pennsylvania"}[name]
    for code in AREA_CODES[state].split():
        place = geocoder.description_for_number(phonenumbers.parse(f"+1{code}5550123"), "en")
        assert place == full or place.endswith(f", {name}"), (code, place)


def area_codes_of(country):
    for code in range(201, 990):
        number = phonenumbers.parse(f"+1{code}5550123")
        if phonenumbers.region_code_for_number(number) == country and phonenumbers.number_type(number) == 2:
            yield str(code)


def test_no_area_code_of_the_library_is_missing_and_none_is_elsewhere():
    assert {*area_codes_of("US")} == STATES.keys()


class Recorded(Shop):
    """A shop that records, and announces by the law; all its numbers are from Ohio."""

    def records(self, *phones, forwarding="", **more):
        with self.services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate(phones))
            plan = replace(usual(), recorded=True, announces_by_law=True, **more)
            keep(session, line, replace(plan, forwarding=Forwarding(forwarding) if forwarding else None))

    def kept(self):
        with self.services.sessions() as session:
            return session.scalars(select(Call.announced_for)).one()

    def talked(self, caller, phone):
        self.world.phone(phone, answers="press:1 after 2")
        call = self.world.call(caller, self.number, patience=PATIENT)
        self.work.for_seconds(4)
        return call


@pytest.fixture
def shop(services, world, work, story):
    def open_in_ohio():
        with services.sessions.begin() as session:
            a_line(session, services, area="614")
        work()

    story.come_to(open_in_ohio)
    return Recorded(services, world, work)


def announcements(call):
    return [words for words in call.transcript if words.startswith(SAID_LATER)]


@pytest.mark.parametrize(("caller", "why"), [(TEXAS, Why.NOT_ASKED), (CALIFORNIA, "US-CA"), (TOLL_FREE, Why.UNKNOWN)])
@pytest.mark.parametrize("phones", [(OHIO,), (OHIO, "+16145550109")])
def test_the_caller_hears_it_by_their_number_and_the_reason_is_kept(shop, caller, why, phones):
    shop.records(*phones)
    call = shop.talked(caller, OHIO)
    shop.work()
    assert (HEARD in call.transcript) == (why != Why.NOT_ASKED)
    assert talks(call) == 1
    assert any("which will be recorded" in words for words in shop.legs()[OHIO].transcript)
    assert shop.kept() == why


def test_a_phone_of_the_line_in_a_strict_state_has_all_callers_hear_it(shop):
    shop.records(OHIO, CALIFORNIA)
    assert HEARD in shop.talked(TEXAS, OHIO).transcript


def test_the_person_to_whom_calls_are_forwarded_hears_that_they_are_recorded(shop):
    shop.records(forwarding=OHIO)
    shop.world.phone(OHIO, answers="answer")
    call = shop.world.call(TEXAS, shop.number)
    shop.work()
    assert (call.transcript.count(HEARD), f"   {OHIO}: {HEARD}" in call.transcript) == (0, True)
    assert shop.kept() == Why.NOT_ASKED


@pytest.mark.parametrize(("act", "talked"), [(talking.pass_on, 2), (talking.ask_in, 2)])
def test_somebody_from_a_strict_state_who_comes_to_the_call_has_the_caller_hear_it(shop, services, act, talked):
    shop.records(OHIO, "+16145550109")
    call = shop.talked(TEXAS, OHIO)
    assert HEARD not in call.transcript
    shop.world.phone(FLORIDA, answers="press:1 after 2")
    shop.act(act, FLORIDA)
    shop.work.for_seconds(8)
    assert announcements(call)[1] == HEARD
    assert talks(call) == talked
    shop.work()
    assert shop.kept() == "US-FL"
    with services.sessions() as session:
        assert session.scalars(select(Ringing.announced_late)).one()


@pytest.mark.parametrize("number", [TEXAS, "+14055550110"])
def test_somebody_from_a_state_that_is_content_with_one_person_changes_nothing(shop, number):
    shop.records(OHIO, "+16145550109")
    call = shop.talked(TEXAS, OHIO)
    shop.world.phone(number, answers="press:1 after 2")
    shop.act(talking.pass_on, number)
    shop.work()
    assert (HEARD in call.transcript, shop.kept()) == (False, Why.NOT_ASKED)
