"""The contact of a port gets no text before a code that was sent there was entered."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from service.notifications.models import Channel, Notification
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.proven_numbers import ProvenNumber
from tests.factories import CUSTOMER, OWN, a_draft

AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
ASKED = "May we text (415) 555‑2671?"


@pytest.fixture
def draft(services, line, work):
    """A finished draft whose contact nobody has shown to be theirs."""
    with services.sessions.begin() as session:
        public_id = a_draft(session, session.merge(line), OWN).public_id
        session.execute(delete(ProvenNumber).where(ProvenNumber.number == CUSTOMER))
    work()
    return public_id


@pytest.fixture
def sent(services, draft, work):
    """The same, sent."""
    with services.sessions.begin() as session:
        projects.submit(session, services, session.scalars(select(PortProject)).one())
    work()
    return draft


@pytest.fixture
def texts(world, work, clock):
    """The texts that a phone has received."""

    def texts(number=CUSTOMER):
        work()
        clock.jump(timedelta(seconds=10))
        work()
        return [text.body for text in world.phone(number).texts]

    return texts


def channels(services):
    with services.sessions() as session:
        return set(session.scalars(select(Notification.channel)))


def test_a_stranger_who_is_named_as_contact_is_not_texted(sent, texts, services):
    assert texts() == []
    assert channels(services) == {Channel.EMAIL}


def test_who_enters_the_code_is_texted_from_then_on(alice, draft, texts, services):
    alice.get("review.show", public_id=draft)
    assert alice.page.says("Until then we only mail.")
    alice.submit(way="text")
    assert alice.page.says("We texted a code to (415) 555‑2671.")
    (text,) = texts()
    assert "Share it with no one" in text
    alice.submit(code=re.match(r"\d{6}", text).group())
    assert alice.page.says("Thank you. The code matches.")
    assert not alice.page.says(ASKED)
    alice.submit(**AGREED)
    texts()
    assert channels(services) == {Channel.EMAIL, Channel.SMS}


def test_a_code_by_call_says_what_it_is_for(alice, sent, work, world):
    alice.get("ports.show", public_id=sent)
    alice.submit(way="call")
    work()
    (call,) = [one for one in world.state.calls.values() if one.to == CUSTOMER]
    heard = " ".join(call.transcript)
    assert "text you about your transfer" in heard
    alice.submit(code=re.search(r"\d(, \d){5}", heard).group().replace(", ", ""))
    assert not alice.page.says(ASKED)


def test_a_wrong_code_shows_nothing(alice, sent, texts):
    alice.get("ports.show", public_id=sent)
    alice.submit(way="text")
    right = re.match(r"\d{6}", texts()[0]).group()
    page = alice.submit(code=f"{(int(right) + 1) % 1_000_000:06}")
    assert page.says("That code doesn’t match or has expired.")
    assert page.says(ASKED)


def test_a_code_for_texts_does_not_show_whose_number_a_port_is(alice, draft, services, texts):
    """Who talks somebody out of a code for texts has none for their number."""
    with services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().contact_number = OWN
        session.execute(delete(ProvenNumber))
    alice.get("review.show", public_id=draft)
    alice.submit(way="text")
    code = re.match(r"\d{6}", texts(OWN)[0]).group()
    with services.sessions.begin() as session:
        session.scalars(select(PortNumber)).one().confirmed_at = None
    alice.get("review.show", public_id=draft)
    token = alice.page.select_one("main [name=csrf_token]")["value"]
    alice.client.post(alice.address("number_code.enter", public_id=draft), data={"csrf_token": token, "code": code})
    with services.sessions() as session:
        assert session.scalars(select(PortNumber.confirmed_at)).one() is None


def test_the_code_that_shows_whose_number_it_is_shows_its_contact_too(alice, draft, services, texts):
    with services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().contact_number = OWN
        session.scalars(select(PortNumber)).one().confirmed_at = None
    alice.get("review.show", public_id=draft)
    alice.submit(way="text")
    alice.submit(code=re.match(r"\d{6}", texts(OWN)[0]).group())
    assert not alice.page.says("May we text")


def test_a_member_has_no_code_sent_and_enters_none(bob, sent):
    assert not bob.get("ports.show", public_id=sent).says(ASKED)
    token = bob.page.select_one("[name=csrf_token]")["value"]
    for endpoint in ("contact_code.ask", "contact_code.enter"):
        form = {"csrf_token": token, "way": "text", "code": "123456"}
        assert bob.client.post(bob.address(endpoint, public_id=sent), data=form).status_code == 403


def test_when_the_port_has_ended_nothing_is_asked(alice, sent, services):
    with services.sessions.begin() as session:
        session.scalars(select(PortNumber)).one().state = State.CANCELED
    assert not alice.get("ports.show", public_id=sent).says(ASKED)
