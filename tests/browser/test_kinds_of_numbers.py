"""A Swede brings each kind of number along, in Swedish and without a dead end; where it cannot come, she reads why."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from service.language import Language
from service.lines.models import Line
from service.porting.bill_files import bill_file
from service.porting.details import add_bill
from service.porting.models import Attempt, PortProject
from tests.factories import a_bill, a_draft, confirm_numbers

HOLDER = {
    "Account holder’s name": "Alice's Bakery LLC",
    "Person in charge of the account": "Alice Baker",
    "Their email": "alice@bakery.example",
}
SWEDISH_HOLDER = {
    "Account holder’s name": "Alices Bageri AB",
    "Organization or personal number": "556036-0793",
    "Person who can sign for the company": "Alice Baker",
    "Their email": "alice@bakery.example",
}
STREET = {"Street address": "1 Main Street", "City": "San Francisco", "State": "CA", "ZIP code": "94105"}
VANCOUVER = {
    "Street address": "1055 West Georgia Street",
    "City or town": "Vancouver",
    "Province or territory": "BC",
    "Postal code": "V6E 3P3",
}
VAXJO = {"Street address": "Storgatan 1", "Postal town": "Växjö", "Postal code": "352 30"}
TOLL_FREE_HOLDERS = {
    "Street address": "1 Main Street",
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
def send(tab, say, stop, tick_all):
    """From the review of a draft to the page of the port."""

    def go(button):
        tick_all()
        stop("review")
        tab.get_by_role("button", name=button).click()
        # our porting desk's letters are there at once, those of a carrier once it has the request
        standing = f"{say('We’re sending your request')}|{say('Waiting for a signature')}"
        expect(tab.get_by_role("heading", level=1)).to_have_text(re.compile(standing))

    return go


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
def fill_in(tab, field, say, stop, services):
    """Answer the questions of a step by their English labels, and go on; the number is shown to be theirs."""

    def go(name, answers):
        confirm_numbers(services)
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
def fill_in_bill(fill_in, field, tmp_path):
    """Answer the step that asks for the bill."""

    def go():
        (tmp_path / "bill.png").write_bytes(a_bill())
        field("Latest bill").set_input_files(tmp_path / "bill.png")
        fill_in("bill", {})

    return go


@pytest.fixture
def file(tab, fill_in, fill_in_bill, send, say, stop, work_aside):
    """From the verdict to the page of the port."""

    def go(holder, address, account):
        expect(tab.get_by_text(say("Yes, you can transfer this number"))).to_be_visible()
        tab.get_by_role("link", name=say("Continue")).click()
        fill_in("holder", holder)
        fill_in("address", address)
        fill_in("account", account)
        fill_in_bill()
        fill_in("contact", {"Mobile number for updates": "+46 70 174 06 05"})
        send(say("Send transfer request"))
        work_aside()
        tab.reload()
        stop("filed")

    return go


@pytest.fixture
def sign(tab, field, say, stop, work_aside):
    """Sign our own letter, which the page of the port leads to."""

    def go(title):
        port = tab.url
        link = tab.get_by_role("link", name=say("Sign now")).get_attribute("href")
        tab.goto(urlsplit(link).path)
        stop("letter")
        expect(tab.locator(".letter")).to_contain_text(title)
        field("Your name, as your signature").fill("Alice Baker")
        tab.get_by_role("checkbox").check()
        tab.get_by_role("button", name=say("Sign the letter")).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(say("Signed. Thank you."))
        work_aside()
        tab.goto(port)
        expect(tab.locator(".tag", has_text=say("In review"))).to_be_visible()
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
    expect(tab.get_by_role("heading", name=say("This number can’t transfer to us."))).to_be_visible()
    expect(tab.get_by_text(re.compile(r"slå \*72 1415\d{7}"))).to_be_visible()
    expect(tab.get_by_role("link", name=say("Check another number"))).to_be_visible()


@pytest.fixture
def company_draft(services, signed_up, work_aside):
    """A draft of a mobile number, of whose account Alice knows only the holder and the address."""
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        project = a_draft(session, line, "+14155556102", language=Language.SWEDISH)
        project.account_number, project.answered = None, ["holder", "address"]
        project.documents.clear()
    work_aside()
    return project.public_id


@pytest.fixture
def ask_anna(tab, field, say, stop, work_aside):
    """From the step about the account, ask Anna of the IT department for it."""

    def go(public_id):
        tab.goto(f"/ports/{public_id}/steps/account")
        tab.get_by_role("link", name=say("Does someone else know this? Ask them by email.")).click()
        stop("whom to ask")
        field("Their email").fill("anna@it.example")
        tab.get_by_role("button", name=say("Send request"), exact=True).click()
        work_aside()

    return go


@pytest.fixture
def anna(sit_down, mailbox, say):
    """Anna opens her mail; what she then gives, by the name of its field, is saved."""
    desk = sit_down()

    def give(**answers):
        desk.goto(urlsplit(re.search(r"http\S+/details/\S+", mailbox.to("anna@it.example")[-1].text).group()).path)
        for name, answer in answers.items():
            asked = desk.locator(f"[name={name}]")
            asked.set_input_files(answer) if name == "bill" else asked.fill(answer)
        if answers:
            desk.get_by_role("button", name=say("Save")).click()
        return desk

    return give


def test_a_company_account_of_which_the_it_person_knows_the_rest(
    company_draft, ask_anna, tab, fill_in, say, send, anna
):
    ask_anna(company_draft)
    for name in ("account", "bill", "contact"):
        fill_in(name, {})
    expect(tab.get_by_role("button", name=say("Send transfer request"))).to_be_disabled()
    fields = anna().locator("main input:not([type=hidden])")
    assert [one.get_attribute("name") for one in fields.all()] == ["account_number", "pin", "bill"]
    anna(account_number="1000200030")
    tab.reload()
    standing = f"{say('Account number')}: {say('Added')} · {say('Transfer PIN')}: {say('missing')}"
    expect(tab.locator("#asked-of ~ ul .person")).to_contain_text(standing)
    bill = {"name": "bill.png", "mimeType": "image/png", "buffer": a_bill()}
    desk = anna(pin="4242", bill=bill)
    expect(desk.get_by_text(say("Nothing. Thank you, that’s everything."))).to_be_visible()
    tab.reload()
    send(say("Send transfer request"))
    told = say("This has already been sent to the provider. You don’t need to do anything else.")
    expect(anna().get_by_text(told)).to_be_visible()


ACCOUNTS = {"1000200030": "T-Mobile", "1000200041": "Verizon", "1000200052": "Frontier"}
IMMOVABLE = "+14155552130"


@pytest.fixture
def spreadsheet(tmp_path):
    """Three hundred numbers of three accounts, of which one cannot be moved."""
    accounts = list(ACCOUNTS.items())
    rows = [(f"+1212736{8000 + at}", *accounts[at % 3]) for at in range(299)]
    lines = ["Nummer;Kundnummer;Operatör", *(";".join(row) for row in [*rows, (IMMOVABLE, *accounts[2])])]
    (tmp_path / "nummer.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "nummer.csv"


@pytest.fixture
def bring_list(signed_up, spreadsheet, tab, say, stop, work_aside):
    """The list becomes the accounts that it names."""
    tab.goto("/bring/many")
    stop("list")
    tab.locator("[type=file]").set_input_files(spreadsheet)
    tab.get_by_role("button", name=say("Check these numbers")).click()
    work_aside()
    stop("accounts")
    return tab.locator("#accounts ~ ul > li")


@pytest.fixture
def complete_first(tab, fill_in, fill_in_bill, say, stop):
    """From the accounts to the review of the first, by its pages."""

    def go():
        tab.get_by_role("link", name=say("Continue"), exact=True).click()
        stop("verdicts")
        tab.get_by_role("link", name=say("Continue"), exact=True).click()
        fill_in("lines", {})
        fill_in("holder", HOLDER)
        fill_in("address", STREET)
        fill_in("account", {"Transfer PIN": "4242"})
        fill_in_bill()
        fill_in("contact", {})
        stop("review of the first")

    return go


@pytest.fixture
def complete_others(services):
    """Everything about the other accounts is answered, as it was for the first by its pages."""

    def complete():
        with services.sessions.begin() as session:
            first, *others = session.scalars(select(PortProject).order_by(PortProject.id))
            for other in others:
                for name in ("subscriber_name", "authorized_person", "authorized_email", "street", "city", "region"):
                    setattr(other, name, getattr(first, name))
                other.postal_code, other.pin, other.answered = first.postal_code, "4242", first.answered
                add_bill(session, other, bill_file([("bill.png", a_bill())]))

    return complete


def test_a_list_of_three_hundred_numbers_of_three_accounts(
    bring_list, complete_first, complete_others, tab, say, send, services
):
    named = [re.search(r"T-Mobile|Verizon|Frontier", one.inner_text()).group() for one in bring_list.all()]
    assert named == list(ACCOUNTS.values())
    complete_first()
    complete_others()
    tab.reload()
    bring_list.nth(2).get_by_role("link").click()
    tab.get_by_role("link", name=say("Some of these numbers can’t transfer. Remove them first.")).click()
    tab.get_by_role("button", name=say("Continue without them")).click()
    tab.get_by_role("link", name=say("Continue"), exact=True).click()
    send(say("Send all %(count)d accounts").replace("%(count)d", "3"))
    expect(bring_list).to_have_count(3)
    expect(tab.get_by_text(say("You can cancel your old service now."), exact=True)).to_have_count(0)
    with services.sessions() as session:
        assert len(set(session.scalars(select(Attempt.project_id)))) == 3
