"""Numbers of several accounts at old operators in one transfer: each account is sent by itself."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from service.porting.accounts import MOST_ACCOUNTS
from service.porting.models import Attempt, DetailsRequest, PortNumber, PortProject
from service.porting.states import State
from service.schedule.remind import remind
from tests.factories import a_bill, confirm_numbers

ONE, TWO, THREE, FOUR = (f"+1212736{line}" for line in range(8000, 8004))
ACCOUNTS = ["1000200030", "1000200041", "1000200052"]
HOLDER = {
    "subscriber_kind": "business",
    "subscriber_name": "Alice's Bakery LLC",
    "authorized_person": "Alice Baker",
    "authorized_email": "alice@bakery.example",
}
ADDRESS = {"street": "1 Main Street", "city": "San Francisco", "region": "CA", "postal_code": "94105"}
AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")


def a_list(*rows):
    return "\n".join(",".join(row) for row in (("Number", "Account", "Operator"), *rows))


LIST = a_list((ONE, ACCOUNTS[0], "Verizon"), (TWO, ACCOUNTS[1], ""), (THREE, ACCOUNTS[0], "Verizon"), (FOUR, "", ""))


@pytest.fixture
def kept(services):
    """The numbers of each account, by what is known of it."""

    def read():
        with services.sessions() as session:
            rows = session.scalars(select(PortProject).order_by(PortProject.id))
            return [(one.account_number, one.operator, [number.number for number in one.numbers]) for one in rows]

    return read


@pytest.fixture
def public_ids(services):
    def read():
        with services.sessions() as session:
            return list(session.scalars(select(PortProject.public_id).order_by(PortProject.id)))

    return read


@pytest.fixture
def two_accounts(alice, work, public_ids):
    """A transfer of two accounts, of which nothing else is known."""
    alice.get("bulk_transfer.ask")
    alice.submit(list=a_list((ONE, ACCOUNTS[0]), (TWO, ACCOUNTS[0]), (THREE, ACCOUNTS[1])))
    work()
    return public_ids()


@pytest.fixture
def complete(services, alice):
    """Answer everything about an account, of which the numbers are shown to be hers."""

    def go(public_id, **changes):
        for name, answers in (
            ("holder", HOLDER | changes),
            ("address", ADDRESS),
            ("account", {}),
            ("bill", {"bill": (BytesIO(a_bill()), "bill.png")}),
            ("contact", {"contact_email": "alice@bakery.example"}),
        ):
            alice.get("steps.show", public_id=public_id, name=name)
            alice.submit(**answers)
        confirm_numbers(services)

    return go


def listed(page):
    """The accounts of a page, each with its tags."""
    return [" ".join(one.text.split()) for one in page.select("#accounts ~ ul > li")]


def test_a_list_with_a_column_for_accounts_becomes_an_account_each(alice, kept):
    alice.get("bulk_transfer.ask")
    page = alice.submit(list=LIST)
    assert page.heading() == "Accounts at your providers"
    assert len(listed(page)) == 3
    assert listed(page)[0].startswith("Account 1 · Verizon (212) 736‑8000 and 1 more Account number: •••• 0030")
    assert ACCOUNTS[0] not in page.text
    assert kept() == [
        (ACCOUNTS[0], "Verizon", [ONE, THREE]),
        (ACCOUNTS[1], None, [TWO]),
        (None, None, [FOUR]),
    ]


def test_a_column_of_pins_gives_each_account_its_own_which_no_page_shows(alice, services):
    rows = (
        ("Number", "PIN", "Account"),
        (ONE, "4242", ACCOUNTS[0]),
        (TWO, "", ACCOUNTS[0]),
        (THREE, "515151", ACCOUNTS[1]),
    )
    content = "\n".join(",".join(row) for row in rows).encode()
    alice.get("bulk_transfer.ask")
    page = alice.submit(file=(BytesIO(content), "numbers.csv"))
    with services.sessions() as session:
        drafts = session.scalars(select(PortProject).order_by(PortProject.id)).all()
        assert [(one.pin, one.pin_at is not None) for one in drafts] == [("4242", True), ("515151", True)]
        stored = session.connection().exec_driver_sql("SELECT pin FROM port_projects ORDER BY id").scalars().all()
    assert "4242" not in str(stored)
    assert "4242" not in page.text
    assert "4242" not in alice.get("review.show", public_id=drafts[0].public_id).text


def test_two_pins_for_one_account_are_refused_by_their_line_alone(alice, services):
    rows = ("Number", "Account", "PIN"), (ONE, ACCOUNTS[0], "4242"), (TWO, ACCOUNTS[0], "4343")
    content = "\n".join(",".join(row) for row in rows).encode()
    alice.get("bulk_transfer.ask")
    page = alice.submit(file=(BytesIO(content), "numbers.csv"), status=422)
    assert page.says("This account is further up with a different PIN.")
    assert "4343" not in page.text
    with services.sessions() as session:
        assert session.query(PortProject).count() == 0


def test_a_workbook_with_a_column_for_accounts_becomes_an_account_each(alice, kept):
    book, content = Workbook(), BytesIO()
    for row in [("Telefon", "Namn", "Kundnummer"), (ONE, "Desk", 1000200030), (TWO, "Bar", 1000200041)]:
        book.active.append(row)
    book.save(content)
    alice.get("bulk_transfer.ask")
    alice.submit(file=(BytesIO(content.getvalue()), "numbers.xlsx"))
    assert kept() == [(ACCOUNTS[0], None, [ONE]), (ACCOUNTS[1], None, [TWO])]


def test_numbers_of_one_account_stay_one_project(alice, kept):
    alice.get("bulk_transfer.ask")
    page = alice.submit(list=a_list((ONE, ACCOUNTS[0]), (TWO, ACCOUNTS[0])))
    assert page.heading() == "Can these numbers transfer?"
    assert kept() == [(ACCOUNTS[0], None, [ONE, TWO])]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(ONE, "1"), (ONE, "2")], "Line 3, “+12127368000”: This number is further up with a different account."),
        (
            [(f"+1212736{8000 + at}", f"A{at}") for at in range(MOST_ACCOUNTS + 1)],
            "A transfer can have 50 accounts. Start another one for the rest.",
        ),
        (
            [(f"+1212736{1000 + at}", f"A{at % 2}") for at in range(1001)],
            "A transfer can have 1,000 numbers. Start another one for the rest.",
        ),
    ],
    ids=["one number on two accounts", "too many accounts", "too many numbers"],
)
def test_a_list_that_cannot_be_sorted_is_refused_whole(alice, kept, rows, said):
    alice.get("bulk_transfer.ask")
    assert alice.submit(list=a_list(*rows), status=422).says(said)
    assert kept() == []


def test_a_file_with_accounts_is_not_taken_over_without_them(alice, kept):
    alice.get("bulk_transfer.ask")
    content = a_list((ONE, ACCOUNTS[0]), ("1-800-FLOWERS", ACCOUNTS[1])).encode()
    page = alice.submit(file=(BytesIO(content), "numbers.csv"), status=422)
    assert page.says("In digits, that’s (800) 356-9377.")
    assert page.kept("list").strip() == ""
    assert kept() == []


def test_numbers_are_put_on_a_new_account_and_back(alice, two_accounts, kept, services):
    alice.get("accounts.show", public_id=two_accounts[0])
    page = alice.submit(list=f"{TWO}\n{FOUR}")
    assert page.says("Saved. That account has 2 numbers.")
    assert [numbers for *_, numbers in kept()] == [[ONE], [THREE], [TWO, FOUR]]
    with services.sessions() as session:
        first = session.scalars(select(PortProject.id).order_by(PortProject.id)).first()
    alice.submit(list=TWO, account=str(first))
    assert [numbers for *_, numbers in kept()] == [[ONE, TWO], [THREE], [FOUR]]


def test_one_number_gets_company_from_another_account(alice, kept, work, public_ids):
    alice.get("bring.ask")
    alice.submit(number=ONE)
    work()
    alice.get("accounts.show", public_id=public_ids()[0])
    page = alice.submit(list=TWO)
    work()
    assert len(listed(page)) == 2
    assert [numbers for *_, numbers in kept()] == [[ONE], [TWO]]
    assert all(operator is not None for _, operator, _ in kept()), "each account's operator is asked"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter at least one number."),
        ("12", "Line 1, “12”: That’s not a complete phone number."),
        (THREE, "An account keeps at least one number."),
    ],
)
def test_what_cannot_be_put_elsewhere_is_refused(alice, two_accounts, kept, typed, said):
    before = kept()
    alice.get("accounts.show", public_id=two_accounts[0])
    assert alice.submit(list=typed, status=422).says(said)
    assert kept() == before


def test_an_account_of_another_transfer_is_none_of_it(alice, charlie, two_accounts, kept):
    alice.get("bring.ask")
    alice.submit(number=FOUR)
    before = kept()
    for account in ("3", "x", ""):
        alice.get("accounts.show", public_id=two_accounts[0])
        alice.submit(list=TWO, account=account, status=404)
    assert kept() == before
    charlie.get("accounts.show", public_id=two_accounts[0], status=404)


def test_bob_may_not_sort_them(bob, two_accounts):
    bob.get("accounts.show", public_id=two_accounts[0], status=403)


def test_what_was_answered_for_one_account_is_proposed_for_the_next(alice, two_accounts, complete):
    complete(two_accounts[0], subscriber_name="Alice's Holding LLC")
    page = alice.get("steps.show", public_id=two_accounts[1], name="holder")
    assert page.kept("subscriber_name") == "Alice's Holding LLC"
    alice.submit()
    assert alice.page.kept("street") == "1 Main Street"
    page = alice.get("steps.show", public_id=two_accounts[1], name="bill")
    assert not page.select(".paper")


def test_all_accounts_are_sent_at_once_each_as_a_port_of_its_own(alice, two_accounts, complete, services, work):
    complete(two_accounts[0])
    page = alice.get("review.show", public_id=two_accounts[0])
    assert page.says("Each account is a transfer of its own, with its own bill and signature.")
    assert "Something is missing" in listed(page)[1]
    assert [button.text for button in page.select("form[method=post] [name=only]")] == ["Send only this account"]
    assert not page.says("Send all")
    complete(two_accounts[1])
    alice.get("review.show", public_id=two_accounts[1])
    alice.submit(**AGREED, button="Send all 2 accounts")
    work()
    with services.sessions() as session:
        attempts = session.scalars(select(Attempt).order_by(Attempt.id)).all()
        assert sorted(attempt.sent["numbers"] for attempt in attempts) == [[ONE, TWO], [THREE]]
        assert {one.project.public_id for one in attempts} == set(two_accounts)
    assert len(listed(alice.page)) == 2


def test_one_account_is_sent_and_the_other_waits(alice, two_accounts, complete, services):
    complete(two_accounts[0])
    alice.get("review.show", public_id=two_accounts[0])
    alice.submit(**AGREED, only="y")
    with services.sessions() as session:
        states = dict(session.execute(select(PortNumber.number, PortNumber.state)).all())
    assert states[THREE] == State.DRAFT
    assert State.DRAFT not in {states[ONE], states[TWO]}
    assert "Something is missing" in listed(alice.page)[1]
    alice.get("accounts.show", public_id=two_accounts[1])
    assert alice.submit(list=TWO, status=422).says("These numbers have already been sent: +12127368001.")


def test_nothing_is_sent_while_another_account_lacks_something(alice, two_accounts, complete, services):
    complete(two_accounts[0])
    page = alice.get("review.show", public_id=two_accounts[0])
    token = page.select_one("main [name=csrf_token]")["value"]
    answer = alice.client.post(alice.path, data={"csrf_token": token, **AGREED})
    assert answer.status_code == 422
    assert "Another account still needs something." in answer.text
    with services.sessions() as session:
        assert set(session.scalars(select(PortNumber.state))) == {State.DRAFT}


def test_each_account_tells_where_its_own_numbers_are(alice, two_accounts, complete, services, work, reader, mailbox):
    for public_id in two_accounts:
        complete(public_id)
    alice.get("review.show", public_id=two_accounts[0])
    alice.submit(**AGREED, button="Send all 2 accounts")
    work()
    with services.sessions.begin() as session:
        for number in session.scalars(select(PortNumber)):
            number.state = State.ACTION_REQUIRED if number.number == ONE else State.SCHEDULED
    accounts = listed(alice.get("ports.show", public_id=two_accounts[1]))
    assert "1 × We need one thing from you" in accounts[0]
    assert accounts[1].endswith("Date set")
    outside = mailbox.to("alice@bakery.example")[0].text.split(": http")[-1].split()[0]
    assert not listed(reader.open("/" + outside.split("/", 3)[-1])), "a link shows the account that it was made for"


def test_a_draft_that_was_thrown_away_is_no_account_of_it(alice, two_accounts):
    alice.get("review.show", public_id=two_accounts[1])
    alice.submit(button="Delete draft")
    assert not listed(alice.get("review.show", public_id=two_accounts[0]))


def test_of_drafts_begun_together_one_is_reminded_of(two_accounts, services, clock, work, mailbox):
    for _ in range(26):
        clock.jump(timedelta(hours=1))
        remind(services)
    work()
    assert len([mail for mail in mailbox.to("alice@alice.example") if "isn’t sent yet" in mail.subject]) == 1


def test_each_account_asks_its_own_person_for_details(alice, two_accounts, services):
    for public_id, email in zip(two_accounts, ("anna@it.example", "bo@it.example"), strict=True):
        alice.get("details_requests.ask", public_id=public_id)
        alice.submit(email=email, wanted=["bill"])
    with services.sessions() as session:
        asked = session.scalars(select(DetailsRequest).order_by(DetailsRequest.id)).all()
        assert [(one.email, one.project.public_id) for one in asked] == [
            ("anna@it.example", two_accounts[0]),
            ("bo@it.example", two_accounts[1]),
        ]
