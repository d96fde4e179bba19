"""Showing the own number at a carrier that tells its code to the person who is called: the page asks for it."""

import pytest
from sqlalchemy import select

from service.lines.models import OwnNumber, Showing
from tests.lesser_carrier import telling

SHOW = "Show my own number"


@pytest.fixture
def carriers(carriers, world):
    return telling(carriers, world)


@pytest.fixture
def page(alice, filed):
    public_id = filed()
    return lambda: alice.get("ports.show", public_id=public_id)


@pytest.fixture
def heard(alice, page, work, world):
    """Alice has asked, the phone has rung, and this is the code that was told there."""
    assert page().says("Someone there answers and hears a code")
    alice.submit(button=SHOW)
    assert page().says("note the code you hear")
    work.jobs()
    [asked] = world.state.caller_ids.values()
    return asked.code


def states(services):
    with services.sessions() as session:
        return list(session.scalars(select(OwnNumber.state).order_by(OwnNumber.id)))


def enter(alice, page, code):
    page()
    alice.submit(button="Verify the number", code=code)


def test_the_page_asks_for_the_code_and_shows_none(heard, page):
    assert page().says("Answer, and listen for the code.")
    assert not page().says(heard)
    assert "data-refresh" not in page().select_one("#own-number").attrs


def test_once_the_right_code_was_entered_the_number_is_shown(heard, alice, page, services, work):
    enter(alice, page, f" {heard[:3]} {heard[3:]}")
    assert page().says("We’re checking the code.")
    work.jobs()
    assert states(services) == [Showing.SHOWN]


def test_a_wrong_code_needs_another_call(heard, alice, page, services, work):
    enter(alice, page, "000000" if heard != "000000" else "111111")
    work.jobs()
    assert states(services) == [Showing.UNPROVEN]
    assert page().says("We didn’t get the right code")


@pytest.mark.parametrize("code", ["", "six", "1" * 17])
def test_what_can_be_no_code_is_said_and_asked_for_again(heard, alice, page, services, code):
    enter(alice, page, code)
    assert page().says("Answer, and listen for the code.")
    assert states(services) == [Showing.RINGING]


def test_a_code_is_taken_once(heard, alice, page, services, work):
    page()
    form = alice.page.select_one("form[action$='/own-number/code']")
    token = alice.page.select_one("[name=csrf_token]")["value"]
    for code in (heard, "999999"):
        alice.client.post(form["action"], data={"code": code, "csrf_token": token})
    with services.sessions() as session:
        assert session.scalars(select(OwnNumber.code)).one() == heard
    work.jobs()
    assert states(services) == [Showing.SHOWN]
