"""Transferring a number: the portability check, the steps of the form, the review, and submitting it."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from service import bounded
from service.porting.asking import ask_operator
from service.porting.models import PortProject
from service.porting.states import State
from service.schedule.prune import wipe_secrets
from service.web.transfer.uploads import LARGEST_UPLOAD
from tests.factories import BILL, a_bill, a_printed_bill, confirm_numbers

OWN = "(415) 555-2000"
NEEDS_BOTH = "(415) 555-3100"
NOT_PORTABLE = "(415) 555-2130"
COULD_NOT_TELL = "(415) 555-2135"
AT_VERIZON = "(415) 555-6102"
AT_NOBODY_KNOWN = "(415) 555-5130"
AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
HOLDER = {
    "subscriber_kind": "business",
    "subscriber_name": "Alice's Bakery LLC",
    "authorized_person": "Alice Baker",
    "authorized_email": "alice@bakery.example",
}
ADDRESS = {"street": "1 Main Street", "city": "San Francisco", "region": "CA", "postal_code": "94105"}


@pytest.fixture
def begin(alice, work, services):
    """Alice asks about a number, and has shown that it is hers."""

    def ask(number=OWN):
        alice.get("bring.ask")
        page = alice.submit(number=number)
        confirm_numbers(services)
        work()
        return page

    return ask


def public_id(alice):
    return alice.path.split("/")[2]


def go_to(alice, step):
    return alice.get("steps.show", public_id=public_id(alice), name=step)


def the_bill(content=None, name="bill.png"):
    return (BytesIO(a_bill() if content is None else content), name)


def fill_in(alice, **account):
    go_to(alice, "holder")
    alice.submit(**HOLDER)
    alice.submit(**ADDRESS)
    alice.submit(**account)
    alice.submit(bill=the_bill())
    return alice.submit(contact_number="415 555 2671")


def project(services):
    with services.sessions.begin() as session:
        found = session.query(PortProject).one()
        return found, found.numbers, found.documents


def test_a_number_is_asked_about_at_once_and_the_answer_shown_in_place(alice, begin):
    page = begin()
    assert page.heading() == "Can (415) 555‑2000 transfer?"
    assert page.select_one("[data-refresh]")
    assert page.says("Checking if this number can transfer…")
    page = alice.get("bring.check", public_id=public_id(alice))
    assert page.says("Yes, you can transfer this number")
    assert not page.select("[data-refresh]")


def test_a_number_that_cannot_be_moved_is_told_why_and_what_else_can_be_done(alice, begin):
    begin(NOT_PORTABLE)
    page = alice.get("bring.verdict", public_id=public_id(alice))
    assert page.says("This number can’t transfer to us.")
    assert page.says("forward its calls to your number here.")
    assert page.says("On a landline, dial *72 1415")
    assert page.says("We asked every carrier we work with.")
    assert [link.text for link in page.select("a")] == ["Check another number"]
    assert alice.get("home.show").says("Can’t transfer")
    alice.open(alice.page.select_one("main a[href^='/ports/']")["href"])
    alice.submit(button="Delete draft")
    assert not alice.get("home.show").says("Can’t transfer")


def test_nobody_is_said_to_work_on_a_number_that_was_not_filed(alice, begin):
    begin("(415) 555-2131")
    page = alice.get("bring.verdict", public_id=public_id(alice))
    assert page.says("Our carrier already has the number.")
    assert not page.says("Our transfer desk")


def test_when_nobody_can_tell_now_it_is_likely_and_one_goes_on(alice, begin):
    begin(COULD_NOT_TELL)
    page = alice.get("bring.verdict", public_id=public_id(alice))
    assert page.says("Probably yes")
    assert page.select_one("a[href$='/steps/holder']")


def test_the_old_operator_is_named_with_its_own_advice(alice, begin):
    begin(AT_VERIZON)
    page = alice.get("bring.check", public_id=public_id(alice))
    assert page.says("It’s with Verizon today.")
    page = go_to(alice, "account")
    assert page.says("Your number is with Verizon")
    assert page.says("First turn off Number Lock in My Verizon")
    assert page.says("don’t stop it")
    assert "Dial #PORT (#7678)" in page.select_one("#pin-hint").text
    assert "works for 7 days" in page.select_one("#pin-hint").text


def test_an_old_operator_nobody_knows_is_given_the_advice_that_fits_most(alice, begin):
    begin(AT_NOBODY_KNOWN)
    page = go_to(alice, "account")
    assert page.says("At your provider")
    assert page.says("First turn off any number lock")


def test_the_old_operator_is_asked_about_once(alice, begin, work, services, world):
    begin(AT_VERIZON)
    with services.sessions.begin() as session:
        session.query(PortProject).one().operator = "Somebody Else"
    ask_operator(services, project_id=project(services)[0].id)
    assert project(services)[0].operator == "Somebody Else"


def test_the_page_settles_when_verdict_and_operator_are_known(alice, begin, services):
    begin(AT_VERIZON)
    assert not alice.get("bring.verdict", public_id=public_id(alice)).select("[data-refresh]")
    with services.sessions.begin() as session:
        session.query(PortProject).one().operator = None
    assert alice.get("bring.verdict", public_id=public_id(alice)).select("[data-refresh]")


def test_who_holds_a_number_in_their_own_name_is_named_once(alice, begin, services):
    begin()
    go_to(alice, "holder")
    alice.submit(
        **HOLDER | {"subscriber_kind": "individual", "subscriber_name": "Alice Baker", "authorized_person": ""}
    )
    kept, _, _ = project(services)
    assert (kept.subscriber_kind, kept.authorized_person) == ("individual", "Alice Baker")


def test_a_company_names_who_may_decide(alice, begin):
    begin()
    go_to(alice, "holder")
    assert set(alice.submit(**HOLDER | {"authorized_person": ""}, status=422).wrong()) == {"authorized_person"}


def test_what_we_know_of_the_customer_is_filled_in_already(alice, begin):
    begin()
    page = go_to(alice, "holder")
    assert page.kept("subscriber_name") == "Alice's Bakery"
    assert (page.kept("authorized_person"), page.kept("authorized_email")) == ("Alice", "alice@alice.example")


def test_one_need_not_wait_for_the_answer(alice, begin):
    assert begin().select_one("a[href$='/steps/holder']")


@pytest.mark.parametrize("typed", ["", "555", "not a number", "+1 415 555 20000"])
def test_what_is_no_number_is_refused_beside_its_field(alice, typed):
    alice.get("bring.ask")
    assert set(alice.submit(number=typed, status=422).wrong()) == {"number"}


def test_a_number_that_is_here_already_is_refused(alice, services, line):
    from service.lines.inventory import numbers_of

    with services.sessions.begin() as session:
        held = numbers_of(session, line.id)[0].number
    alice.get("bring.ask")
    assert alice.submit(number=held, status=422).wrong() == {"number": "This number is already here."}


def test_every_step_is_kept_and_goes_on_to_the_next(alice, begin, services):
    begin()
    page = fill_in(alice, account_number="1000200030")
    assert page.heading() == "Review and send"
    assert page.says("1 Main Street, San Francisco, CA, 94105")
    kept, _, bills = project(services)
    assert kept.account_number == "1000200030"
    assert kept.contact_number == "+14155552671"
    assert [bill.name for bill in bills] == ["bill.png"]


def test_what_was_answered_stands_in_the_step_when_one_comes_back(alice, begin):
    begin()
    fill_in(alice)
    page = go_to(alice, "holder")
    assert page.kept("subscriber_name") == "Alice's Bakery LLC"
    assert page.select_one("#subscriber_kind-business[checked]")
    assert go_to(alice, "contact").kept("contact_number") == "(415) 555-2671"


def test_a_refused_step_says_so_beside_the_field_and_keeps_the_rest(alice, begin):
    begin()
    go_to(alice, "address")
    page = alice.submit(**{**ADDRESS, "postal_code": " "}, status=422)
    assert page.wrong() == {"postal_code": "Enter the ZIP code as on your bill."}
    assert page.kept("street") == "1 Main Street"
    assert page.title.text.startswith("Error: ")


def test_pin_and_account_number_are_asked_when_the_operator_wants_them(alice, begin):
    begin(NEEDS_BOTH)
    page = go_to(alice, "account")
    assert page.select_one("[name=pin][required]")
    assert set(alice.submit(account_number="", status=422).wrong()) == {"account_number", "pin"}


def test_a_pin_is_not_asked_for_nothing(alice, begin):
    begin()
    assert not go_to(alice, "account").select("[name=pin]")


def test_pin_and_account_number_are_never_shown_again(alice, begin):
    begin(NEEDS_BOTH)
    go_to(alice, "account")
    refused = alice.submit(account_number="1000200030", pin="PIN-4242", billing_number="555", status=422)
    assert "PIN-4242" not in str(refused)
    assert "1000200030" not in str(refused)
    alice.submit(account_number="1000200030", pin="PIN-4242", billing_number="")
    for page in (go_to(alice, "account"), alice.get("review.show", public_id=public_id(alice))):
        assert "PIN-4242" not in str(page)
        assert "1000200030" not in str(page)
    assert page.says("Transfer PIN Added")


def test_an_empty_pin_keeps_the_one_given_before(alice, begin, services):
    begin(NEEDS_BOTH)
    go_to(alice, "account")
    alice.submit(account_number="1000200030", pin="PIN-4242")
    go_to(alice, "account")
    alice.submit(account_number="", pin="")
    assert project(services)[0].pin == "PIN-4242"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.pdf", "We can’t read this file"),
        (b"MZ\x90 a program", "bill.pdf", "We can’t read this file"),
        (b"%PDF-1.7 and then nothing", "bill.pdf", "We can’t read this file"),
        (b"\x89PNG" + bytes(10 * 1024 * 1024 + 1), "bill.png", "The file is larger than 10 MB."),
    ],
)
def test_a_file_that_is_no_bill_is_refused_and_not_kept(alice, begin, services, content, name, said):
    begin()
    go_to(alice, "bill")
    assert alice.submit(bill=the_bill(content, name), status=422).wrong()["bill"].startswith(said)
    assert project(services)[2] == []


def test_a_photograph_with_a_second_one_behind_it_is_a_bill(alice, begin, services):
    begin()
    go_to(alice, "bill")
    photo = BytesIO()
    Image.new("RGB", (60, 80)).save(photo, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 80))])
    alice.submit(bill=the_bill(photo.getvalue(), "bill.jpg"))
    assert [bill.media_type for bill in project(services)[2]] == ["image/jpeg"]


def test_a_file_far_too_large_is_refused_as_a_whole(alice, begin):
    begin()
    go_to(alice, "bill")
    assert alice.submit(bill=the_bill(bytes(LARGEST_UPLOAD + 1)), status=413).heading() == "That file is too large"


def test_a_bill_shows_its_name_and_can_be_replaced(alice, begin, services):
    begin()
    go_to(alice, "bill")
    alice.submit(bill=the_bill(name="march.png"))
    assert go_to(alice, "bill").says("march.png")
    alice.submit(bill=the_bill(name="april.png"))
    assert [bill.name for bill in project(services)[2]] == ["april.png"]


def test_a_bill_is_not_asked_twice(alice, begin):
    begin()
    go_to(alice, "bill")
    assert set(alice.submit(bill=(BytesIO(b""), ""), status=422).wrong()) == {"bill"}
    alice.submit(bill=the_bill())
    go_to(alice, "bill")
    assert alice.submit(bill=(BytesIO(b""), "")).heading() == "Date and contact"


def test_only_possible_days_are_offered(alice, begin, services):
    begin()
    days = [option["value"] for option in go_to(alice, "contact").select("#wished option")]
    assert days[0] == ""
    assert "2026-03-09" in days
    assert "2026-03-03" not in days, "too soon"
    assert "2026-03-14" not in days, "a Saturday"


def test_a_day_that_was_not_offered_is_refused_on_review(alice, begin):
    begin()
    fill_in(alice)
    go_to(alice, "contact")
    alice.submit(wished="2026-03-14", contact_email="alice@bakery.example")
    alice.submit(**AGREED, status=422)
    refused = alice.page.find("a", string="This date isn’t available. Choose another one.")
    alice.open(refused["href"])
    assert alice.page.heading() == "Date and contact"


def review_with(alice, work, content, name="bill.pdf"):
    fill_in(alice, account_number="1000200030")
    go_to(alice, "bill")
    alice.submit(bill=the_bill(content, name))
    page = alice.get("review.show", public_id=public_id(alice))
    assert page.says("We’re reading it to compare. You don’t need to wait.")
    work()
    return alice.get("review.show", public_id=public_id(alice))


def test_a_bill_that_says_the_same_is_confirmed(alice, begin, work):
    begin()
    page = review_with(alice, work, a_printed_bill(*BILL))
    assert page.says("The name, address, and number match your bill.")


def test_what_differs_on_the_bill_is_asked_and_stops_nobody(alice, begin, work, services):
    begin()
    page = review_with(alice, work, a_printed_bill(*BILL[:2], "7 MAIN ST", *BILL[3:]))
    assert page.says("you entered “1 Main Street.” The bill seems to say “7 MAIN ST.” Which is right?")
    assert page.select_one(".doubts a")["href"].startswith(f"/ports/{public_id(alice)}/steps/address")
    assert alice.submit(**AGREED).says("Transfer request sent.")
    assert {number.state for number in project(services)[1]} == {State.SUBMITTING}


def test_an_old_bill_is_warned_about(alice, begin, work):
    begin()
    page = review_with(alice, work, a_printed_bill("Statement date: Jan 5, 2026", *BILL[1:]))
    assert page.says("This bill is from")
    assert page.says("Providers want one from the last 30 days")


def test_a_photo_is_kindly_left_to_the_customers_own_eyes(alice, begin, work):
    begin()
    assert review_with(alice, work, a_bill(), "bill.png").says("We can’t read this one")


def test_a_bill_whose_reading_was_lost_is_read_again(alice, begin, work, services, clock):
    begin()
    fill_in(alice, account_number="1000200030")
    go_to(alice, "bill")
    alice.submit(bill=the_bill(a_printed_bill(*BILL)))
    with services.sessions.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'read_words'"))
    clock.jump(timedelta(minutes=3))
    assert alice.get("review.show", public_id=public_id(alice)).says("We couldn’t read it.")
    assert alice.submit(button="Read it again").says("We’re reading your bill again.")
    work()
    page = alice.get("review.bill", public_id=public_id(alice))
    assert page.says("The name, address, and number match your bill.")


def test_a_bill_that_keeps_its_reader_busy_is_a_bill_that_cannot_be_read(alice, begin, work, monkeypatch):
    begin()
    fill_in(alice, account_number="1000200030")
    go_to(alice, "bill")
    alice.submit(bill=the_bill(a_printed_bill(*BILL)))
    monkeypatch.setattr("service.bounded.USUAL", replace(bounded.USUAL, seconds=0.01))
    work()
    assert alice.get("review.show", public_id=public_id(alice)).says("We can’t read this one")


def test_the_bill_is_not_shown_before_there_is_one(alice, begin):
    begin()
    alice.get("review.bill", public_id=public_id(alice), status=404)


def test_what_was_read_is_forgotten_when_the_project_has_ended(alice, begin, work, services):
    begin()
    review_with(alice, work, a_printed_bill(*BILL))
    assert project(services)[2][0].words
    alice.submit(button="Delete draft")
    wipe_secrets(services)
    assert project(services)[2][0].words is None


def test_a_draft_left_lying_for_a_month_asks_for_its_secrets_anew(alice, begin, clock, services):
    begin(NEEDS_BOTH)
    go_to(alice, "account")
    alice.submit(account_number="1000200030", pin="424242")
    clock.jump(timedelta(days=29))
    wipe_secrets(services)
    assert project(services)[0].pin == "424242"
    clock.jump(timedelta(days=2))
    wipe_secrets(services)
    kept = project(services)[0]
    assert (kept.pin, kept.account_number) == (None, None)
    go_to(alice, "account")
    assert alice.submit(account_number="", pin="", status=422).says("Enter the account number")


def test_a_pin_that_may_have_run_out_is_asked_for_again(alice, begin, clock):
    begin(AT_VERIZON)
    go_to(alice, "account")
    alice.submit(account_number="1000200030", pin="424242")
    clock.jump(timedelta(days=6))
    assert not alice.get("review.show", public_id=public_id(alice)).says("It may have expired")
    clock.jump(timedelta(days=2))
    page = alice.get("review.show", public_id=public_id(alice))
    assert page.says("It may have expired. PINs from Verizon work for a few days.")


def test_what_is_missing_leads_to_its_step(alice, begin):
    begin()
    page = alice.get("review.show", public_id=public_id(alice))
    alice.open(page.find("a", string="Enter the ZIP code as on your bill.")["href"])
    assert alice.page.heading() == "Service address"


def test_a_text_to_the_number_that_moves_is_warned_about(alice, begin):
    begin()
    go_to(alice, "contact")
    page = alice.submit(contact_number=OWN)
    assert page.says("That’s the number you’re transferring")


def test_an_unfinished_draft_says_what_is_missing_and_cannot_be_sent(alice, begin, services):
    begin()
    page = alice.get("review.show", public_id=public_id(alice))
    assert page.says("Enter the ZIP code as on your bill.")
    assert page.select_one("main button.btn-primary[disabled]")
    alice.submit(**AGREED, status=422)
    assert {number.state for number in project(services)[1]} == {State.DRAFT}


@pytest.mark.parametrize("statement", AGREED)
def test_it_is_not_sent_before_every_statement_is_ticked(alice, begin, services, statement):
    begin()
    fill_in(alice)
    agreed = {name: ticked for name, ticked in AGREED.items() if name != statement}
    assert set(alice.submit(**agreed, status=422).wrong()) == {statement}
    assert {number.state for number in project(services)[1]} == {State.DRAFT}


def test_a_finished_draft_is_sent_and_its_page_says_where_it_is(alice, begin, services):
    begin()
    fill_in(alice)
    page = alice.submit(**AGREED)
    assert page.heading() == "We’re sending your request"
    assert page.select_one("[aria-current=step]").text.split()[0] == "Sent"
    log = alice.get("changes.listing")
    assert log.says("Started a transfer of (415) 555-2000")
    assert log.says("Sent the transfer request for (415) 555-2000")
    assert {number.state for number in project(services)[1]} == {State.SUBMITTING}


def test_what_was_sent_is_not_changed_or_sent_again(alice, begin):
    begin()
    fill_in(alice)
    assert alice.submit(**AGREED).says("Transfer request sent.")
    alice.get("review.show", public_id=public_id(alice), status=409)
    alice.get("steps.show", public_id=public_id(alice), name="holder", status=409)


def test_a_step_that_does_not_exist_is_not_found(alice, begin):
    begin()
    alice.get("steps.show", public_id=public_id(alice), name="horoscope", status=404)


def test_a_draft_is_found_again_at_home(alice, begin):
    begin()
    page = alice.get("home.show")
    assert page.says("Draft: 0 of 5 steps filled in")
    alice.open(page.select_one("main a[href^='/ports/']")["href"])
    assert alice.page.heading() == "Can (415) 555‑2000 transfer?"


@pytest.mark.parametrize("page", ["home.show", "ports.listing"])
def test_a_draft_goes_on_where_it_was_left(alice, begin, page):
    begin()
    go_to(alice, "holder")
    alice.submit(**HOLDER)
    alice.submit(**ADDRESS)
    assert alice.get(page).says("Draft: 2 of 5 steps filled in")
    alice.open(alice.page.select_one("main a[href^='/ports/']")["href"])
    assert alice.page.heading() == "Account and PIN"


def test_a_customer_who_asks_about_the_same_number_again_goes_on_with_the_draft(alice, begin, services):
    begin()
    go_to(alice, "holder")
    alice.submit(**HOLDER)
    begin()
    assert project(services)[0].subscriber_name == "Alice's Bakery LLC"


def test_a_draft_with_every_step_answered_goes_on_at_the_review(alice, begin):
    begin()
    fill_in(alice)
    assert alice.get("ports.show", public_id=public_id(alice)).heading() == "Review and send"


def test_a_draft_goes_on_at_the_step_that_wants_something_more_since_it_was_answered(alice, begin, services):
    begin()
    fill_in(alice)
    with services.sessions.begin() as session:
        session.query(PortProject).one().numbers[0].needs_account_and_pin = True
    assert alice.get("ports.listing").says("Draft: 4 of 5 steps filled in")
    alice.open(alice.page.select_one("main a[href^='/ports/']")["href"])
    assert alice.page.heading() == "Account and PIN"


def test_a_customer_who_asks_again_about_a_number_continues_where_the_draft_was_left(alice, begin):
    begin()
    go_to(alice, "holder")
    alice.submit(**HOLDER)
    begin()
    alice.open(alice.path)
    onward = next(link for link in alice.page.select("main a.btn") if link.text == "Continue")
    assert alice.open(onward["href"]).heading() == "Service address"


def test_a_draft_is_thrown_away(alice, begin, services):
    begin()
    alice.get("review.show", public_id=public_id(alice))
    alice.submit(button="Delete draft")
    assert {number.state for number in project(services)[1]} == {State.CANCELED}
    assert not alice.get("home.show").select("main a[href^='/ports/']")


def test_when_the_main_number_moves_the_others_are_asked_about(alice, begin, services):
    begin()
    assert not go_to(alice, "account").select("[name=remaining]")
    alice.submit(account_number="1000200030", billing_number=OWN)
    go_to(alice, "account")
    alice.submit(remaining="keep", new_billing_number="(415) 555-2009")
    kept, _, _ = project(services)
    assert (kept.remaining, kept.new_billing_number) == ("keep", "+14155552009")


def test_what_cannot_become_of_the_others_is_refused(alice, begin):
    begin()
    go_to(alice, "account")
    alice.submit(billing_number=OWN)
    go_to(alice, "account")
    assert set(alice.submit(remaining="vanish", status=422).wrong()) == {"remaining"}


def test_the_steps_stand_beside_the_form_with_what_is_filled_in(alice, begin):
    begin()
    go_to(alice, "holder")
    page = alice.submit(**HOLDER)
    steps = page.select(".wizard-steps li")
    assert [" ".join(step.text.split()) for step in steps][1:3] == ["Account holder", "Service address"]
    assert ["step-done" in step.get("class", []) for step in steps][:3] == [True, True, False]
    assert page.select_one(".wizard-steps [aria-current=step]").text == "Service address"
    assert alice.open(steps[-1].a["href"]).heading() == "Review and send"
