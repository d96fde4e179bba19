"""A Swede brings each kind of number along, in Swedish and without a dead end; where it cannot come, she reads why."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from tests.factories import a_bill

HOLDER = {
    "Name of the holder": "Alice's Bakery LLC",
    "Person with authority over the account": "Alice Baker",
    "Their e-mail address": "alice@bakery.example",
}
SWEDISH_HOLDER = {
    "Name of the holder": "Alices Bageri AB",
    "Organisation or personal number": "556036-0793",
    "Person who may sign for the company": "Alice Baker",
    "Their e-mail address": "alice@bakery.example",
}
STREET = {"Street and house number": "1 Main Street", "City": "San Francisco", "State": "CA", "ZIP code": "94105"}
VANCOUVER = {
    "Street and house number": "1055 West Georgia Street",
    "City or town": "Vancouver",
    "Province or territory": "BC",
    "Postal code": "V6E 3P3",
}
VAXJO = {"Street and house number": "Storgatan 1", "Postal town": "Växjö", "Postal code": "352 30"}
TOLL_FREE_HOLDERS = {
    "Street and house number": "1 Main Street",
    "City": "San Francisco",
    "State or province": "CA",
    "ZIP or postal code": "94105",
}


@pytest.fixture
def locale():
    return "sv-SE"


@pytest.fixture
def carriers(carriers, sessions):
    desk = manual.build({}, worklist=DeskWorklist(sessions))
    return carriers | {desk.name: desk}


@pytest.fixture
def ask(tab, signed_up, field, say, work_aside, stop):
    def go(number):
        tab.goto("/bring")
        field("Which number?").fill(number)
        tab.get_by_role("button", name=say("Check this number")).click()
        work_aside()
        expect(tab.locator(".verdict .waiting")).to_have_count(0)
        stop("verdict")

    return go


@pytest.fixture
def fill_in(tab, field, say, stop):
    """Answer the questions of a step by their English labels, and go on."""

    def go(name, answers):
        stop(name)
        for label, answer in answers.items():
            asked = field(label)
            if asked.evaluate("field => field.tagName") == "SELECT":
                asked.select_option(answer)
            else:
                asked.fill(answer)
        tab.get_by_role("button", name=say("Save and continue")).click()

    return go


@pytest.fixture
def file(tab, fill_in, field, say, stop, work_aside, tmp_path):
    """From the verdict to the page of the port."""

    def go(holder, address, account):
        expect(tab.get_by_text(say("Yes, you can bring this number."))).to_be_visible()
        tab.get_by_role("link", name=say("Continue")).click()
        fill_in("holder", holder)
        fill_in("address", address)
        fill_in("account", account)
        (tmp_path / "bill.png").write_bytes(a_bill())
        field("Your latest bill").set_input_files(tmp_path / "bill.png")
        fill_in("bill", {})
        fill_in("contact", {"A mobile number we may text": "+46 70 174 06 05"})
        stop("review")
        for box in tab.get_by_role("checkbox").all():
            box.check()
        tab.get_by_role("button", name=say("Send it")).click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text(say("Where is %(number)s?").split("%")[0].strip())
        work_aside()
        tab.reload()
        stop("filed")

    return go


@pytest.fixture
def sign(tab, field, say, stop, work_aside):
    """Sign our own letter, which the page of the port leads to."""

    def go(title):
        port = tab.url
        link = tab.get_by_role("link", name=say("Sign it now")).get_attribute("href")
        tab.goto(urlsplit(link).path)
        stop("letter")
        expect(tab.locator(".letter")).to_contain_text(title)
        field("Your name, as your signature").fill("Alice Baker")
        tab.get_by_role("checkbox").check()
        tab.get_by_role("button", name=say("Sign the letter")).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(say("Signed. Thank you."))
        work_aside()
        tab.goto(port)
        expect(tab.locator(".tag", has_text=say("With our carrier"))).to_be_visible()
        stop("with the desk")

    return go


def test_an_american_landline(ask, file, tab):
    ask("(415) 555-2000")
    expect(tab.get_by_text("47 CFR 52.35").first).to_be_visible()
    file(HOLDER, STREET, {"Account number": "1000200030"})


def test_an_american_mobile(ask, file, tab, say):
    ask("(415) 555-6102")
    expect(tab.get_by_text("Verizon").first).to_be_visible()
    file(HOLDER, STREET, {"Account number": "1000200030", "Transfer PIN": "4242"})


def test_a_google_voice_number(ask, file, tab, say):
    ask("(415) 555-5121")
    expect(tab.get_by_text("Google tar 3 dollar").first).to_be_visible()
    file(HOLDER, STREET, {"Account number": "4155555121", "Transfer PIN": "4242"})


def test_a_number_of_another_internet_operator(ask, file, tab):
    ask("(415) 555-5122")
    expect(tab.get_by_text("RingCentral").first).to_be_visible()
    file(HOLDER, STREET, {"Account number": "1000200030"})


def test_a_toll_free_number(ask, file, sign):
    ask("(833) 736-2671")
    file(HOLDER, TOLL_FREE_HOLDERS, {})
    sign("RespOrg")


def test_a_canadian_number(ask, file, sign):
    ask("(604) 555-2671")
    file(HOLDER, VANCOUVER, {"Account number": "77001"})
    sign("Vancouver BC V6E 3P3")


def test_a_swedish_number_by_hand(ask, file, sign, tab):
    ask("+46 70 174 06 05")
    expect(tab.get_by_text("LEK 2022:482")).to_be_visible()
    file(SWEDISH_HOLDER, VAXJO, {})
    sign("352 30 Växjö")


def test_a_number_of_alaska_is_refused_with_what_else_can_be_done(ask, tab, say):
    ask("(907) 555-2130")
    expect(tab.get_by_role("heading", name=say("This number cannot be moved to us."))).to_be_visible()
    expect(tab.get_by_text(re.compile(r"slå \*72 1415\d{7}"))).to_be_visible()
    expect(tab.get_by_role("link", name=say("Another number"))).to_be_visible()
