"""Phones in browsers ring beside other phones while their pages are awake, and call out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.browser_phones import is_browser
from service.accounts.access import grant
from service.accounts.models import Member, Membership, User
from service.accounts.team import remove, set_up
from service.calls.browser_phones import be_awake, be_away, phone_in_browser, who_took_it
from service.calls.changing import keep
from service.calls.legs import talking
from service.calls.legs.models import Leg
from service.calls.nodes import RingPhones, usual
from service.calls.outgoing import call_out
from service.calls.queries import plan_of
from service.errors import Invalid, NotFound
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Conversation, Outcome
from service.ledger.models import EntryKind, LedgerEntry
from service.lines.models import BrowserPhone, Line, Phone, PhoneNumber
from service.spending.models import Expense
from tests.factories import CALLER

MOBILE, OTHER_MOBILE = "+14155550131", "+14155550132"


class Shop:
    """A line with a number of the carrier's, and members who open their pages."""

    def __init__(self, services, world, work, clock):
        self.services, self.world, self.work, self.clock = services, world, work, clock
        with services.sessions() as session:
            self.number = session.scalars(select(PhoneNumber.number)).one()
            self.line_id = session.scalars(select(Line.id)).one()

    def joins(self, session, name, role=Membership.MEMBER):
        user = User(email=f"{name.lower()}@bakery.example", name=name, fs_uniquifier=name, active=True)
        member = Member(user=user, workspace_id=session.get(Line, self.line_id).workspace_id, role=role)
        session.add(member)
        session.flush()
        return member

    def member(self, session):
        return session.scalars(select(Member).order_by(Member.id)).first()

    def opens(self, answers="answer after 3"):
        """The owner's page is ready; how its person answers. Returns what is dialed to ring it."""
        with self.services.sessions.begin() as session:
            dialed = be_awake(session, self.member(session)).number
        self.world.phone(f"client:{dialed.removeprefix('browser:')}", answers=answers)
        return dialed

    def has_a_mobile(self, answers, number=MOBILE):
        with self.services.sessions.begin() as session:
            session.add(Phone(line_id=self.line_id, number=number, name="Van"))
        self.world.phone(number, answers=answers)

    def call(self):
        called = self.world.call(CALLER, self.number, says="Two rye loaves.")
        self.work()
        return called

    def placed(self):
        return [call.to for call in self.world.state.calls.values() if call.direction == "outbound-api"]

    def legs(self):
        return {leg.to: leg for leg in self.world.state.calls.values() if leg.direction == "outbound-api"}

    def calls(self):
        with self.services.sessions() as session:
            return session.scalars(select(Call)).all()


@pytest.fixture
def shop(services, world, work, numbered, clock):
    shop = Shop(services, world, work, clock)
    with services.sessions.begin() as session:
        shop.joins(session, "Alice", Membership.OWNER)
    return shop


def test_a_click_in_the_browser_takes_the_call_and_ends_the_others(shop):
    shop.has_a_mobile("press:1 after 15")
    dialed = shop.opens()
    called = shop.call()
    client, mobile = shop.legs()[f"client:{dialed.removeprefix('browser:')}"], shop.legs()[MOBILE]
    assert any("talks in the conference" in words for words in called.transcript)
    assert not any("press" in words for words in client.transcript)
    assert mobile.status == "canceled"
    [call] = shop.calls()
    assert (call.outcome, call.answered_on) == (Outcome.ANSWERED, dialed)
    assert call.answered_by_id is not None


def test_browsers_are_called_first_and_then_the_mobile_that_takes_most_calls(shop):
    shop.has_a_mobile("no-answer")
    shop.has_a_mobile("press:1 after 2", OTHER_MOBILE)
    shop.call()
    dialed = shop.opens("no-answer")
    before = len(shop.placed())
    shop.call()
    assert shop.placed()[before:] == [f"client:{dialed.removeprefix('browser:')}", OTHER_MOBILE, MOBILE]


def test_a_browser_alone_is_called_by_itself_and_voicemail_follows(shop):
    dialed = shop.opens("no-answer")
    called = shop.call()
    assert list(shop.legs()) == [f"client:{dialed.removeprefix('browser:')}"]
    assert called.recordings
    assert shop.calls()[0].outcome is Outcome.VOICEMAIL


def test_the_page_is_told_who_calls_on_which_line_and_which_leg(shop, session):
    dialed = shop.opens("no-answer")
    line = session.get(Line, shop.line_id)
    conversation_with(session, line, CALLER).contact.name = "Ms. Baker & Co"
    session.commit()
    shop.call()
    with shop.services.sessions() as again:
        leg = again.scalars(select(Leg)).one()
    told = shop.legs()[f"client:{dialed.removeprefix('browser:')}"].orders["parameters"]
    assert told == f"leg={leg.id}&caller=Ms.+Baker+%26+Co&line=Main+line"


SAID = "says “This call is recorded.”"


@pytest.fixture
def recorded(shop):
    with shop.services.sessions.begin() as session:
        keep(session, session.get_one(Line, shop.line_id), replace(usual(), recorded=True))


def test_a_member_is_shown_and_told_before_they_talk_that_a_call_is_recorded(shop, recorded):
    dialed = shop.opens()
    shop.call()
    client = shop.legs()[f"client:{dialed.removeprefix('browser:')}"]
    assert client.orders["parameters"].endswith("&line=Main+line&recorded=yes")
    talks = next(words for words in client.transcript if "talks in the conference" in words)
    assert client.transcript.index(SAID) < client.transcript.index(talks)


def test_nobody_listens_for_a_voicemail_where_the_phone_is_a_browser(shop):
    with shop.services.sessions.begin() as session:
        keep(session, session.get_one(Line, shop.line_id), replace(usual(), spots_machines=True))
    dialed = shop.opens("answer after 9")
    shop.has_a_mobile("voicemail")
    shop.call()
    legs = shop.legs()
    assert legs[MOBILE].answered_by == "machine_start"
    assert legs[f"client:{dialed.removeprefix('browser:')}"].answered_by is None


def test_of_a_recorded_call_that_another_phone_took_the_member_is_told_no_more_than_that(shop, recorded):
    shop.has_a_mobile("press:1 after 2")
    dialed = shop.opens("answer after 20")
    shop.call()
    assert SAID not in shop.legs()[f"client:{dialed.removeprefix('browser:')}"].transcript


def test_a_colleague_who_is_asked_in_by_browser_is_told_that_the_call_is_recorded(shop, recorded):
    shop.has_a_mobile("press:1 after 2")
    dialed = shop.opens("no-answer")
    shop.world.call(CALLER, shop.number, says="Two rye loaves.", patience=3600)
    shop.work.for_seconds(4)
    shop.world.phone(f"client:{dialed.removeprefix('browser:')}", answers="answer after 1")
    with shop.services.sessions.begin() as session:
        page = session.scalars(select(Phone.id).where(Phone.number == dialed)).one()
        talking.ask_in(session, shop.services, session.scalars(select(Conversation)).one(), page)
    shop.work()
    joined = [leg for leg in shop.world.state.calls.values() if leg.to.startswith("client:")][-1]
    talks = next(words for words in joined.transcript if "talks in the conference" in words)
    assert joined.transcript.index(SAID) < joined.transcript.index(talks)


@pytest.mark.parametrize("sleeps", ["closed", "silent", "off duty"])
def test_a_page_that_is_not_awake_does_not_ring(shop, sleeps):
    shop.has_a_mobile("press:1")
    shop.opens()
    with shop.services.sessions.begin() as session:
        if sleeps == "closed":
            be_away(session, shop.member(session))
        elif sleeps == "off duty":
            shop.member(session).on_duty = False
        else:
            shop.clock.jump(timedelta(seconds=95))
    shop.call()
    assert [leg.to for leg in shop.world.state.calls.values() if leg.to.startswith("client:")] == []


def test_a_page_that_says_that_it_is_awake_rings_for_the_next_call(shop):
    shop.has_a_mobile("no-answer")
    dialed = shop.opens()
    shop.clock.jump(timedelta(seconds=95))
    shop.call()
    assert f"client:{dialed.removeprefix('browser:')}" not in shop.legs()
    assert shop.opens() == dialed
    shop.call()
    assert f"client:{dialed.removeprefix('browser:')}" in shop.legs()


def test_a_page_is_on_every_line_of_its_member_once(shop):
    shop.opens()
    shop.opens()
    with shop.services.sessions() as session:
        phones = session.scalars(select(Phone)).all()
        assert [(phone.in_browser, phone.name, phone.line_id) for phone in phones] == [
            (True, phones[0].name, shop.line_id)
        ]


def test_who_took_the_call_is_told_to_those_who_were_rung(shop):
    shop.has_a_mobile("press:1 after 2")
    shop.opens("answer after 20")
    shop.call()
    with shop.services.sessions() as session:
        leg = session.scalars(select(Leg).where(Leg.number.startswith("browser:"))).one()
        other = session.scalars(select(Leg).where(Leg.number == MOBILE)).one()
        assert who_took_it(session, shop.member(session), leg.id) == "Van"
        for not_theirs in (other.id, 0):
            with pytest.raises(NotFound):
                who_took_it(session, shop.member(session), not_theirs)


def test_a_member_who_leaves_is_not_rung_any_more(shop, session):
    other = shop.joins(session, "Bob", Membership.ADMIN)
    be_awake(session, other)
    remove(session, shop.member(session), other)
    session.expire_all()
    assert session.scalars(select(BrowserPhone)).all() == []
    assert session.scalars(select(Phone)).all() == []


@pytest.fixture
def bob(shop, session):
    """A member who was given the line, and whose page is ready."""
    bob = shop.joins(session, "Bob")
    grant(session, bob, [shop.line_id])
    be_awake(session, bob)
    assert session.scalars(select(Phone.line_id)).all() == [shop.line_id]
    return bob


@pytest.mark.parametrize("other", [False, True])
def test_a_member_who_lost_a_line_is_not_rung_on_it_any_more(shop, session, bob, other):
    second = Line(workspace_id=bob.workspace_id, name="Flyers")
    session.add(second)
    session.flush()
    set_up(session, shop.member(session), bob, Membership.MEMBER, [second.id] if other else [])
    assert session.scalars(select(Phone)).all() == []
    with pytest.raises(NotFound):
        phone_in_browser(session, bob, shop.line_id)
    be_awake(session, bob)
    assert session.scalars(select(Phone.line_id)).all() == ([second.id] if other else [])


def test_a_page_that_was_awake_on_a_lost_line_leaves_it_and_its_call_plan(shop, session, bob):
    line = session.get_one(Line, shop.line_id)
    mobile = Phone(line_id=line.id, number=MOBILE, name="Van")
    session.add(mobile)
    session.flush()
    named = (session.scalars(select(Phone.id).where(Phone.number != MOBILE)).one(), mobile.id)
    keep(session, line, replace(usual(), nodes={**usual().nodes, "ring": RingPhones("message", phones=named)}))
    grant(session, bob, [])
    be_awake(session, bob)
    assert session.scalars(select(Phone.number)).all() == [MOBILE]
    assert plan_of(session, line.id).nodes["ring"].phones == (mobile.id,)


def test_a_new_role_leaves_the_browser_on_the_lines_that_are_still_seen(shop, session, bob):
    for role, lines in [(Membership.ADMIN, []), (Membership.MEMBER, [shop.line_id])]:
        set_up(session, shop.member(session), bob, role, lines)
        assert session.scalars(select(Phone.line_id)).all() == [shop.line_id]


def test_a_step_that_rings_browsers_alone_is_refused(shop, session):
    shop.opens()
    line = session.get(Line, shop.line_id)
    [browser] = session.scalars(select(Phone.id))
    plan = replace(usual(), nodes={**usual().nodes, "ring": RingPhones("message", phones=(browser,))})
    with pytest.raises(Invalid) as refusal:
        keep(session, line, plan)
    assert "mobile or landline" in str(refusal.value.fields)


def test_a_call_out_rings_the_contact_at_once_and_counts_both(shop):
    dialed = shop.opens("answer after 1")
    with shop.services.sessions.begin() as session:
        phone = phone_in_browser(session, shop.member(session), shop.line_id)
        conversation = conversation_with(session, session.get(Line, shop.line_id), CALLER)
        call = call_out(session, conversation, phone.id, shop.member(session).user_id)
        assert is_browser(call.rung_first)
        call_id = call.id
    shop.work()
    placed = shop.legs()[f"client:{dialed.removeprefix('browser:')}"]
    assert placed.from_ == shop.number
    assert placed.orders["parameters"] == f"call={call_id}"
    contact = shop.legs()[CALLER]
    assert (contact.to, contact.from_) == (CALLER, shop.number)
    with shop.services.sessions() as session:
        assert session.get(Call, call_id).outcome is Outcome.ANSWERED
        paid = select(Expense.amount).join(LedgerEntry, LedgerEntry.id == Expense.entry_id)
        assert session.scalars(paid.where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one() > 0
        assert [one.number for one in session.scalars(select(Contact))] == [CALLER]


def test_nobody_calls_out_from_the_browser_of_another(shop, session):
    bob = shop.joins(session, "Bob", Membership.ADMIN)
    be_awake(session, bob)
    phone = phone_in_browser(session, bob, shop.line_id)
    conversation = conversation_with(session, session.get(Line, shop.line_id), CALLER)
    with pytest.raises(Invalid):
        call_out(session, conversation, phone.id, shop.member(session).user_id)


def test_before_a_page_was_ready_there_is_no_phone_in_it(shop, session):
    with pytest.raises(NotFound):
        phone_in_browser(session, shop.member(session), shop.line_id)
