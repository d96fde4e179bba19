"""Bringing a number along takes a prepared person a minute: reckoned by how people read, type and point.

What is reckoned is the person, not this machine: each act adds the seconds that it takes a hand and an eye, by the
keystroke-level model (Card, Moran, Newell 1980), with a typist of 60 words a minute who has the bill before them.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import BILL, a_printed_bill

A_KEY = 0.2
POINTING = 1.1
THINKING = 1.2
A_PAGE = 1.5
CHOOSING_A_FILE = 4.0


class Hand:
    """A person at the keyboard, with the seconds spent so far."""

    def __init__(self, tab):
        self.tab = tab
        self.seconds = 0.0

    def reads(self, title):
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(re.compile(title))
        self.tab.wait_for_load_state()  # nobody reads a page whose style sheets are on their way
        self.seconds += A_PAGE

    def types(self, label, text):
        """From field to field with the Tab key; what stands there already is written over."""
        self.seconds += THINKING + A_KEY * (len(text) + 1)
        field = self.tab.get_by_label(label)
        field.press("ControlOrMeta+a")
        field.press_sequentially(text)

    def adds(self, label, text):
        """Behind what stands there already."""
        self.seconds += THINKING + A_KEY * (len(text) + 1)
        field = self.tab.get_by_label(label)
        field.press("End")
        field.press_sequentially(text)

    def clicks(self, role, name):
        self.seconds += POINTING
        self.tab.get_by_role(role, name=name).click()

    def chooses(self, label, path):
        self.seconds += CHOOSING_A_FILE
        self.tab.get_by_label(label).set_input_files(path)

    def ticks_all(self):
        for box in self.tab.get_by_role("checkbox").all():
            self.seconds += POINTING
            box.check()

    def goes_on(self):
        """The Enter key sends a form."""
        self.seconds += A_KEY
        self.tab.keyboard.press("Enter")


@pytest.fixture
def hand(tab, signed_up):
    """Alice, a minute after she has signed up."""
    return Hand(tab)


@pytest.fixture
def bill(tmp_path, number):
    """Her latest bill, as the operator's pages give it."""
    path = tmp_path / "bill.pdf"
    path.write_bytes(a_printed_bill(*(line.replace("(415) 555-2000", number) for line in BILL)))
    return path


@pytest.fixture
def brings(hand, tab, work_aside, stop, bill, code_on):
    """Alice brings her number along, from the question to the last button."""

    def bring(number, pin):
        tab.goto("/bring")
        hand.reads("Which number do you want to transfer?")
        hand.types("Which number?", number)
        hand.goes_on()
        hand.reads("transfer?")
        before = tab.get_by_role("link", name="Continue").bounding_box()
        work_aside()
        expect(tab.get_by_text("Yes, you can transfer this number")).to_be_visible()
        assert tab.get_by_role("link", name="Continue").bounding_box() == before, "nothing moves under a finger"
        stop(f"verdict-{number}")
        hand.clicks("link", "Continue")
        _answers(hand, stop, pin)
        hand.chooses("Latest bill", bill)
        hand.clicks("button", "Save and continue")
        hand.reads("Date and contact")
        hand.types("Mobile number", "4155552671")
        stop("contact")
        hand.goes_on()
        hand.reads("Review and send")
        work_aside()
        expect(tab.get_by_text("match your bill")).to_be_visible()
        hand.clicks("button", "Text me a code")
        hand.types("Six-digit code", code_on(number))
        hand.goes_on()
        expect(tab.get_by_text("You’ve shown it’s yours.")).to_be_visible()
        hand.ticks_all()
        stop(f"review-{number}")
        hand.clicks("button", "Send transfer request")

    return bring


def _answers(hand, stop, pin):
    hand.reads("Account holder")
    hand.adds("Account holder’s name", " LLC")
    hand.types("Person in charge", "Alice Baker")
    stop("holder")
    hand.goes_on()
    hand.reads("Service address")
    for label, text in [("Street", "1 Main Street"), ("City", "San Francisco"), ("State", "CA"), ("ZIP code", "94105")]:
        hand.types(label, text)
    hand.goes_on()
    hand.reads("Account and PIN")
    hand.types("Account number", "1000200030")
    if pin:
        hand.types("Transfer PIN", pin)
    stop(f"account-{pin}")
    hand.goes_on()
    hand.reads("Latest bill")


@pytest.mark.parametrize(("number", "pin"), [("4155552000", ""), ("4155556102", "424242")], ids=["landline", "mobile"])
def test_a_prepared_person_needs_a_minute(hand, tab, brings, number, pin, capsys):
    brings(number, pin)
    expect(tab.get_by_role("heading", level=1)).to_have_text("We’re sending your request")
    with capsys.disabled():
        print(f"\nbringing {number} along: {hand.seconds:.0f} s of a prepared person's time")  # noqa: T201 -- the figure
    assert hand.seconds <= 60
