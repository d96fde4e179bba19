"""Transferring a list of numbers: the list, the verdict on each number, and the progress."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from openpyxl import Workbook
from sqlalchemy import func, select

from provisioning.contract.porting import Verdict
from service.porting.models import PortNumber
from service.porting.states import State

MANY = [f"(212) 736-{line}" for line in range(8000, 8030)]
NOT_PORTABLE = "(415) 555-2130"
ALSO_NOT_PORTABLE = "(628) 555-2130"


def numbers(services):
    with services.sessions() as session:
        return session.scalar(select(func.count(PortNumber.id)))


def test_a_list_becomes_a_draft_and_each_number_is_asked_about(alice, services, work):
    alice.get("bring.ask")
    alice.get("bulk_transfer.ask")
    page = alice.submit(list="\n".join(MANY))
    assert page.says("Checked 0 of 30 numbers.")
    work()
    page = alice.open(alice.path)
    assert page.says("30 can transfer")
    assert alice.open(page.select_one("main .btn-primary")["href"]).heading() == "Which line does each number go to?"


def test_a_file_is_read_as_well(alice, services):
    page = alice.get("bulk_transfer.ask")
    sent = {
        "csrf_token": page.select_one("main [name=csrf_token]")["value"],
        "file": (BytesIO(b"\xef\xbb\xbfNumber;Name\r\n212-736-8000;Desk\r\n212-736-8001;Bar\r\n"), "numbers.csv"),
    }
    answer = alice.client.post(alice.address("bulk_transfer.begin"), data=sent, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    assert numbers(services) == 2


def sent_as_a_file(alice, content, name="numbers.csv"):
    page = alice.get("bulk_transfer.ask")
    sent = {"csrf_token": page.select_one("main [name=csrf_token]")["value"], "file": (BytesIO(content), name)}
    return alice.client.post(alice.address("bulk_transfer.begin"), data=sent, follow_redirects=True)


def test_a_workbook_is_read_as_well(alice, services):
    book, kept = Workbook(), BytesIO()
    for cell in ("Number", 2127368000, "(212) 736-8001"):
        book.active.append([cell])
    book.save(kept)
    assert sent_as_a_file(alice, kept.getvalue(), "numbers.xlsx").status_code == 200
    assert numbers(services) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"no number here\n" * 9000,
        b"\0" * 100_000,
        b"%PDF-1.7 not a list",
        ",".join(str(4155550000 + at) for at in range(12_000)).encode(),
        b'"' + b"x" * 140_000,
    ],
    ids=["words", "nothing", "pdf", "one line", "one cell"],
)
def test_a_wrong_file_is_refused_in_few_words(alice, services, content):
    answer = sent_as_a_file(alice, content)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert len(page.select("[data-errors] li")) == 1
    assert len(answer.data) < 20_000
    assert numbers(services) == 0


def test_of_many_wrong_lines_ten_are_named(alice):
    alice.get("bulk_transfer.ask")
    page = alice.submit(list="\n".join([*MANY, *("12" for _ in range(25))]), status=422)
    assert len(page.select("[data-errors] li")) == 11
    assert page.says("And 15 more lines to fix.")


def test_a_number_in_letters_is_shown_in_digits_and_taken_once_it_was_seen(alice, services):
    alice.get("bulk_transfer.ask")
    page = alice.submit(list=f"{MANY[0]}\n1-800-FLOWERS", status=422)
    assert page.says("Line 2, “1-800-FLOWERS”: In digits, that’s (800) 356-9377.")
    assert page.kept("list").splitlines()[-1] == "(800) 356-9377"
    alice.submit()
    assert numbers(services) == 2


def test_a_number_in_letters_in_a_file_is_shown_in_digits_and_taken_once_it_was_seen(alice, services):
    alice.get("bulk_transfer.ask")
    content = f"Number,Name\n{MANY[0]},Desk\n1-800-FLOWERS,Orders\n{MANY[1]},Bar\n".encode()
    page = alice.submit(list=MANY[2], file=(BytesIO(content), "numbers.csv"), status=422)
    assert page.says("Line 3, “1-800-FLOWERS”: In digits, that’s (800) 356-9377. If it’s right, send it like that.")
    assert page.says("The numbers from your file are in the field now")
    assert page.kept("list").splitlines() == [MANY[2], "+12127368000", "+12127368001", "(800) 356-9377"]
    assert numbers(services) == 0
    alice.submit()
    assert numbers(services) == 4


def test_what_else_is_wrong_in_a_file_is_mended_there(alice, services):
    alice.get("bulk_transfer.ask")
    content = f"{MANY[0]}\n1-800-FLOWERS\n12\n".encode()
    page = alice.submit(file=(BytesIO(content), "numbers.csv"), status=422)
    assert page.says("Line 3, “12”: That’s not a complete phone number.")
    assert page.kept("list").strip() == ""
    assert numbers(services) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the numbers you want to transfer, or choose a file."),
        (f"{MANY[0]}\n12\n{MANY[1]}", "Line 2, “12”: That’s not a complete phone number."),
        (f"{MANY[0]}\nKitchen", "Line 2, “Kitchen”: That’s not a complete phone number."),
        ("4155552000, 4155552003; 4155552004", "Line 1, “4155552000, 4155552003”: That’s more than one number."),
        (f"{MANY[0]}\n+80012345678", "Line 2, “+80012345678”: This number doesn’t belong to a country"),
        ("x\n" * 100, "There are no phone numbers in the first column of this list."),
    ],
)
def test_a_wrong_list_is_refused_and_nothing_is_kept_of_it(alice, services, typed, said):
    alice.get("bulk_transfer.ask")
    page = alice.submit(list=typed, status=422)
    assert page.says(said)
    assert page.kept("list").strip() == typed.strip()
    assert numbers(services) == 0


def test_numbers_that_cannot_come_are_named_and_taken_out(alice, services, work):
    alice.get("bulk_transfer.ask")
    alice.submit(list=f"{MANY[0]}\n{NOT_PORTABLE}")
    work()
    assert alice.open(alice.path).says("These can’t transfer:")
    page = alice.submit(button="Continue without them")
    assert page.says("1 can transfer")
    assert numbers(services) == 1


def test_where_none_of_them_can_come_nothing_goes_on_without_them(alice, services, work):
    alice.get("bulk_transfer.ask")
    alice.submit(list=f"{NOT_PORTABLE}\n{ALSO_NOT_PORTABLE}")
    work()
    page = alice.open(alice.path)
    assert page.says("None of these can transfer to us.")
    assert not page.says("Continue without them")
    assert page.select_one("main a[href='/bring/many']")
    listed = alice.get("ports.listing").select_one("main .number-row")
    assert listed.select_one(".tag").text == "Can’t transfer"
    alice.open(listed.a["href"])
    assert alice.page.heading() == "Can these numbers transfer?"
    alice.submit(button="Delete draft")
    assert alice.get("ports.listing").select_one("main .number-row .tag").text.strip() == "Canceled"


def test_a_page_that_is_out_of_date_takes_out_no_last_number(alice, services, work):
    alice.get("bulk_transfer.ask")
    alice.submit(list=f"{MANY[0]}\n{NOT_PORTABLE}")
    work()
    alice.open(alice.path)
    with services.sessions.begin() as session:
        for number in session.scalars(select(PortNumber)):
            number.verdict = Verdict.NO
    alice.submit(button="Continue without them")
    assert numbers(services) == 2


def test_bob_may_not_begin_it(bob):
    bob.get("bulk_transfer.ask")
    bob.submit(list=MANY[0], status=403)


def test_of_many_numbers_it_is_told_how_many_are_where(alice, services, work):
    alice.get("bulk_transfer.ask")
    alice.submit(list="\n".join(MANY))
    work()
    public_id = alice.path.split("/")[2]
    with services.sessions.begin() as session:
        for number in session.scalars(select(PortNumber).order_by(PortNumber.id)):
            number.state = State.ACTION_REQUIRED if number.id % 10 == 0 else State.SCHEDULED
    page = alice.get("ports.show", public_id=public_id)
    rows = [[cell.text for cell in row.select("td")] for row in page.select("#counts ~ table tbody tr")]
    assert sorted(rows) == [["Date set", "27"], ["We need one thing from you", "3"]]
