"""Each country and kind of number has its own form: walked through to the end, in Swedish and English."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from provisioning.carriers import manual
from service.desk.models import DeskOrder
from service.desk.papers import letter_pdf, order_sheet
from service.desk.queries import filing_for_papers
from service.desk.worklist import DeskWorklist
from service.porting.models import PortProject
from service.porting.states import State
from tests.factories import a_bill, confirm_numbers, sign_letters

AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
HOLDER = {
    "subscriber_kind": "business",
    "subscriber_name": "Alice's Bakery LLC",
    "authorized_person": "Alice Baker",
    "authorized_email": "alice@bakery.example",
}
VANCOUVER = {"street": "1055 West Georgia Street", "city": "Vancouver", "region": "BC", "postal_code": "v6e3p3"}
SAN_JUAN = {"street": "100 Calle del Cristo", "city": "San Juan", "region": "PR", "postal_code": "00901"}
VAXJO = {"street": "Storgatan 1", "city": "Växjö", "postal_code": "35230"}
GOOGLE_VOICE = "(415) 555-5121"


@pytest.fixture
def carriers(carriers, sessions):
    """The porting desk stands behind the carrier whose interface is tried first, as in `make run`."""
    desk = manual.build({}, worklist=DeskWorklist(sessions))
    return carriers | {desk.name: desk}


@pytest.fixture
def begin(alice, work, services):
    """Alice asks about a number, in a language, has shown that it is hers, and has the answer."""

    def ask(number, language="en"):
        with alice.client.session_transaction() as cookie:
            cookie["language"] = language
        alice.get("bring.ask")
        alice.submit(number=number)
        confirm_numbers(services)
        work()
        return alice.get("bring.check", public_id=public_id(alice))

    return ask


def public_id(alice):
    return alice.path.split("/")[2]


def go_to(alice, step):
    return alice.get("steps.show", public_id=public_id(alice), name=step)


def labels(page):
    return {label["for"]: label.text.split("(")[0].strip() for label in page.select("main label[for]")}


def send(alice):
    """From the account's step on, when that is filled in."""
    alice.submit(bill=(BytesIO(a_bill()), "bill.png"))
    alice.submit(contact_number="+1 415 555 2671", contact_email="alice@bakery.example")
    return alice.submit(**AGREED)


@pytest.fixture
def papers(services, work):
    """The text of the letter and of the order sheet, once the letter is signed."""

    def made():
        work()
        with services.sessions.begin() as session:
            sign_letters(session, services)
        work()
        with services.sessions() as session:
            filing = filing_for_papers(session, session.scalars(select(DeskOrder)).one())
        return [
            " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper(filing))).pages).split())
            for paper in (letter_pdf, order_sheet)
        ]

    return made


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Yes, you can transfer this number", "files this kind by hand", "Province or territory", "Postal code"),
        ),
        ("sv", ("Ja, du kan flytta det här numret", "flyttar för hand", "Provins eller territorium", "Postnummer")),
    ],
)
def test_a_canadian_number_asks_for_a_province_and_an_account(alice, begin, papers, services, language, words):
    yes, by_hand, province, code = words
    page = begin("(604) 555-2671", language)
    assert page.says(yes)
    assert page.says(by_hand)
    go_to(alice, "holder")
    address = alice.submit(**HOLDER)
    assert (labels(address)["region"], labels(address)["postal_code"]) == (province, code)
    assert "BC" in [option["value"] for option in address.select("#region option")]
    account = alice.submit(**VANCOUVER)
    assert account.select_one("[name=account_number][required]")
    assert account.select_one("[name=pin]:not([required])")
    assert set(alice.submit(account_number="", status=422).wrong()) == {"account_number"}
    alice.submit(account_number="77001", pin="")
    send(alice)
    letter, sheet = papers()
    assert "Vancouver BC V6E 3P3" in letter
    assert "77001" in sheet
    assert "77001" not in letter
    with services.sessions() as session:
        assert {number.state for number in session.scalars(select(PortProject)).one().numbers} == {State.IN_REVIEW}


@pytest.mark.parametrize(
    ("field", "typed"), [("region", "CA"), ("region", ""), ("postal_code", "94105"), ("street", "P.O. Box 12")]
)
def test_what_is_no_canadian_address_is_refused_beside_its_field(alice, begin, field, typed):
    begin("(604) 555-2671")
    go_to(alice, "address")
    assert set(alice.submit(**VANCOUVER | {field: typed}, status=422).wrong()) == {field}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Postal town", "Customer number", "Organization or personal number")),
        ("sv", ("Postort", "Kundnummer", "Organisations- eller personnummer")),
    ],
)
def test_a_swedish_number_asks_for_who_holds_it_and_for_no_state_zip_or_pin(alice, begin, papers, language, words):
    town, customer, identity = words
    page = begin("+46 70 174 06 05", language)
    assert not page.says("ZIP")
    assert not page.says("*72")
    assert page.says("LEK 2022:482")
    holder = go_to(alice, "holder")
    assert labels(holder)["subscriber_id"] == identity
    assert set(alice.submit(**HOLDER, subscriber_id="556036-0794", status=422).wrong()) == {"subscriber_id"}
    address = alice.submit(**HOLDER, subscriber_id="556036-0793")
    assert labels(address)["city"] == town
    assert not address.select("[name=region]")
    assert "ZIP" not in address.text
    account = alice.submit(**VAXJO)
    assert labels(account)["account_number"] == customer
    assert not account.select("[name=pin]")
    assert "FCC" not in account.text
    alice.submit(account_number="")
    send(alice)
    letter, _ = papers()
    assert "Fullmakt" in letter
    assert "5560360793" in letter
    assert "352 30 Växjö" in letter


@pytest.mark.parametrize(("language", "manages"), [("en", "(its RespOrg)"), ("sv", "(dess RespOrg)")])
def test_a_toll_free_number_gets_the_resporgs_letter(alice, begin, papers, language, manages):
    page = begin("(833) 736-2671", language)
    assert page.says("RespOrg")
    assert page.says("Somos")
    go_to(alice, "holder")
    address = alice.submit(**HOLDER)
    assert set(labels(address)) >= {"region", "postal_code"}
    account = alice.submit(**VANCOUVER)
    assert manages in account.text
    assert not account.select("[name=pin]")
    alice.submit(account_number="")
    send(alice)
    letter, _ = papers()
    assert "change of the responsible organisation (RespOrg)" in letter
    assert "Canada" in letter, "toll-free numbers are held in either country"


def test_a_number_of_puerto_rico_follows_the_rules_of_the_united_states(alice, begin, papers):
    page = begin("(787) 555-2671")
    assert page.says("Yes, you can transfer this number")
    assert page.says("47 CFR 52.35")
    address = go_to(alice, "address")
    assert address.kept("region") == "PR"
    assert labels(address)["street2"].startswith("Urbanization")
    alice.submit(**SAN_JUAN)
    go_to(alice, "holder")
    alice.submit(**HOLDER)
    go_to(alice, "account")
    alice.submit(account_number="")
    send(alice)
    assert "San Juan PR 00901" in papers()[0]


@pytest.mark.parametrize(
    ("language", "pin", "fee"),
    [
        ("en", "It’s the voicemail PIN", "Google charges $3"),
        ("sv", "Det är PIN-koden till röstbrevlådan", "Google tar 3 dollar"),
    ],
)
def test_a_google_voice_number_is_named_and_taken_with_its_fee_and_its_lock(alice, begin, language, pin, fee):
    page = begin(GOOGLE_VOICE, language)
    assert page.says("Google Voice")
    assert page.says(fee)
    account = go_to(alice, "account")
    assert account.says(fee)
    assert pin in account.select_one("#pin-hint").text
    assert set(alice.submit(account_number="", pin="", status=422).wrong()) == {"account_number", "pin"}


def test_where_the_registries_do_not_know_it_the_customer_names_the_operator(alice, begin):
    begin("(415) 555-2000")
    page = alice.submit(operator="Skype", button="Save")
    assert page.says("It’s with Skype today.")
    assert page.says("Skype ended on May 5, 2025")
    assert page.says("no one can transfer it")
    alice.submit(operator="Telia", button="Save", status=422)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("This number can’t transfer to us.", "Keep it where it is", "On a landline, dial *72 1415")),
        ("sv", ("Det här numret går inte att flytta till oss.", "Behåll det där det är", "telefon, slå *72 1415")),
    ],
)
def test_a_number_of_alaska_that_no_carrier_takes_says_why_who_can_and_what_else(alice, begin, language, words):
    page = begin("(907) 555-2130", language)
    assert all(page.says(sentence) for sentence in words)
    assert not page.select("a[href*='/steps/']")


def test_before_it_is_sent_the_range_contradicts_no_day_that_is_offered(alice, begin):
    for number in ("(415) 555-2000", "(604) 555-2671", "+46 70 174 06 05", "+46 8 500 123 45", "(833) 736-2671"):
        page = begin(number)
        expected = page.select_one(".date strong").text.strip()
        days = [option.text for option in go_to(alice, "contact").select("#wished option")][1:]
        words, day = (set(one.replace(",", "").split()) for one in (expected, days[0]))
        assert words <= day, (number, expected, days[0])


def test_the_review_says_once_more_how_long_and_what_it_costs(alice, begin):
    begin("(415) 555-2000")
    page = alice.get("review.show", public_id=public_id(alice))
    assert page.says("How long it takes")
    assert page.says("You can ask them to waive")
    assert page.says("The transfer itself usually costs nothing.")
    assert page.says("alarms")


def test_a_national_number_is_read_as_one_of_the_country_where_one_is(alice, begin, bakery, services):
    with services.sessions.begin() as session:
        session.merge(bakery).zone = "Europe/Stockholm"
    begin("070-174 06 05")
    with services.sessions() as session:
        assert [number.number for number in session.scalars(select(PortProject)).one().numbers] == ["+46701740605"]


def test_where_the_country_is_another_the_sentence_names_the_code(alice):
    alice.get("bring.ask")
    assert "+46 for Sweden" in alice.submit(number="070-174 06 05", status=422).wrong()["number"]


def test_a_swede_writes_american_numbers_as_americans_do(alice, begin, bakery, services):
    with services.sessions.begin() as session:
        session.merge(bakery).zone = "Europe/Stockholm"
    begin("(415) 555-2000")
    with services.sessions() as session:
        assert [number.number for number in session.scalars(select(PortProject)).one().numbers] == ["+14155552000"]


def test_a_list_of_swedish_numbers_is_read_where_one_is(alice, bakery, services):
    with services.sessions.begin() as session:
        session.merge(bakery).zone = "Europe/Stockholm"
    alice.get("bulk_transfer.ask")
    alice.submit(list="070-174 06 05\n08-500 123 45\n(415) 555-2000")
    with services.sessions() as session:
        numbers = [number.number for number in session.scalars(select(PortProject)).one().numbers]
    assert numbers == ["+46701740605", "+46850012345", "+14155552000"]


def test_a_swedish_number_with_the_wrong_holder_asks_for_the_holders_number_again(alice, begin, papers, services):
    begin("+46 70 174 06 05")
    go_to(alice, "holder")
    alice.submit(**HOLDER, subscriber_id="556036-0793")
    alice.submit(**VAXJO)
    alice.submit(account_number="")
    send(alice)
    papers()
    with services.sessions.begin() as session:
        (number,) = session.scalars(select(PortProject)).one().numbers
        number.state, number.reasons = State.ACTION_REQUIRED, ["tax_or_org_id"]
    page = alice.get("ports.fix", public_id=public_id(alice))
    assert list(labels(page)) == ["subscriber_id", "bill"]
    assert set(alice.submit(subscriber_id="", status=422).wrong()) == {"subscriber_id"}
